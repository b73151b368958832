package io.asyncmcp.autoconfigure.modern;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;

/** A request's headers as the SDK's validators want them. */
final class EndpointHeaders {

    private EndpointHeaders() {}

    /** A copy, because Spring's own view of a servlet's headers is no map that one can walk through. */
    static Map<String, List<String>> of(HttpHeaders headers) {
        Map<String, List<String>> copy = new HashMap<>();
        headers.headerSet().forEach(entry -> copy.put(entry.getKey(), entry.getValue()));
        return copy;
    }
}
