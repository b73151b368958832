package io.asyncmcp.server.http;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Takes the requests of a protocol version that is not the SDK's. Thread-safe.
 *
 * @since 0.1.0
 */
public interface HttpFace {

    /**
     * Tells whether a request is for this face, by its headers or by its body.
     *
     * @param headers the values of a header, by its name in any case
     * @param body the request's body, or {@code null} if it has none
     * @return {@code false} if the SDK is to have it
     */
    boolean takes(Function<String, List<String>> headers, byte @Nullable [] body);

    /** Returns the protocol version that it speaks. */
    String version();

    /**
     * Takes a POST.
     *
     * @param headers the values of a header, by its name in any case
     * @param body the request's body
     * @param context who calls, as in the context of the SDK's transports
     * @param exchange takes the response
     * @return ends when the request is being handled, on WebMVC without delay; never with an error signal
     */
    Mono<Void> post(
            Function<String, List<String>> headers, byte[] body, McpTransportContext context, HttpExchange exchange);
}
