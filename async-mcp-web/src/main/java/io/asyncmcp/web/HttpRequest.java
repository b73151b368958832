package io.asyncmcp.web;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request to the endpoint. What waits for its response holds on to it, but not to its body, which is taken once.
 *
 * <p>Thread-safe.
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
     * Creates a request.
     *
     * @param method the HTTP method
     * @param query the query of the URL as it came, or {@code null} for none
     * @param headers the values of a header, by its name in any case
     * @param allHeaders all headers, in a map that can be walked through
     * @param caller who calls, as in the context of the SDK's transports
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

    /**
     * Adds the body.
     *
     * @param read the body
     * @return this request
     */
    public HttpRequest with(byte[] read) {
        body.set(read);
        return this;
    }

    byte @Nullable [] takeBody() {
        return body.getAndSet(null);
    }

    /**
     * Tells whether the request has a body to be read.
     *
     * @return {@code true} for a POST
     */
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

    /** Returns how long the body is said to be, or -1 if nothing is said. */
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

    /**
     * Returns a parameter of the URL whose value needs no decoding. A container that was asked for it would decode all others, and
     * log what it cannot decode.
     */
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
