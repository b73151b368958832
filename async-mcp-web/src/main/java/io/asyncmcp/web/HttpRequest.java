package io.asyncmcp.web;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request to the endpoint. Its body is taken once, so that what waits for the response does not hold it. Thread-safe.
 *
 * @since 0.1.0
 */
public final class HttpRequest {

    private final String method;

    private final @Nullable String query;

    private final Function<String, List<String>> headers;

    private final Supplier<Map<String, List<String>>> allHeaders;

    private final McpTransportContext caller;

    private final AtomicReference<byte @Nullable []> body = new AtomicReference<>();

    /**
     * Creates a request without its body. {@code query} is as it came, or {@code null}; {@code headers} returns the values of a
     * header by its name in any case; {@code caller} says who calls, as in the SDK's transports.
     */
    public HttpRequest(
            String method,
            @Nullable String query,
            Function<String, List<String>> headers,
            Supplier<Map<String, List<String>>> allHeaders,
            McpTransportContext caller) {
        this.method = method;
        this.query = query;
        this.headers = headers;
        this.allHeaders = allHeaders;
        this.caller = caller;
    }

    /** Adds the body, and returns this request. */
    public HttpRequest with(byte[] read) {
        body.set(read);
        return this;
    }

    byte @Nullable [] takeBody() {
        return body.getAndSet(null);
    }

    /** Tells whether the request is a POST, which has a body to read. */
    public boolean isPost() {
        return "POST".equals(method);
    }

    String method() {
        return method;
    }

    Function<String, List<String>> headers() {
        return headers;
    }

    Map<String, List<String>> allHeaders() {
        return allHeaders.get();
    }

    McpTransportContext caller() {
        return caller;
    }

    /** Returns the announced length of the body, or -1 if there is none. */
    long contentLength() {
        String length = first("Content-Length");
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            // The container takes care of what is no number.
            return Long.MAX_VALUE;
        }
    }

    @Nullable
    String first(String header) {
        List<String> values = headers.apply(header);
        return values.isEmpty() ? null : values.get(0);
    }

    /** Returns a URL parameter that needs no decoding: a container would decode all others too, and log what it cannot decode. */
    @Nullable
    String plainParameter(String name) {
        if (query == null) {
            return null;
        }
        String start = name + "=";
        for (String parameter : query.split("&")) {
            if (parameter.startsWith(start)) {
                return parameter.substring(start.length());
            }
        }
        return null;
    }
}
