package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.transport.PrincipalContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Takes requests to the MCP endpoint that are not for the SDK's transport.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface WebFluxEndpoint {

    /**
     * Looks at a request.
     *
     * @param request the request
     * @param body its body, or {@code null} if it should have none
     * @return the response, or {@code null} if the transport is to have the request
     */
    @Nullable
    Mono<ServerResponse> take(ServerRequest request, byte @Nullable [] body);

    /**
     * Says who calls, for the transport context.
     *
     * @param request the request
     * @return the entries of the context, in a map that can be changed
     */
    static Map<String, Object> caller(ServerRequest request) {
        return PrincipalContext.from(address(request), PrincipalContext.of(request.principal()));
    }

    /**
     * Says where a request comes from, also where it was made anew from another one.
     *
     * @param request the request
     * @return the address, or {@code null} if it is not known
     */
    static @Nullable String address(ServerRequest request) {
        return request.attribute(OperationOwnerResolver.ADDRESS_KEY)
                .map(String::valueOf)
                .or(() -> request.remoteAddress().map(WebFluxEndpoint::text))
                .orElse(null);
    }

    /** One that a proxy has told is not resolved: it has its text alone. */
    private static String text(InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        return address == null ? remote.getHostString() : address.getHostAddress();
    }
}
