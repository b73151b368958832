package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.PrincipalContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Takes requests to the MCP endpoint that are not for the SDK's transport.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface WebMvcEndpoint {

    /**
     * Looks at a request.
     *
     * @param request the request
     * @param body its body, or {@code null} if it should have none
     * @return the response, or {@code null} if the transport is to have the request
     */
    @Nullable
    ServerResponse take(ServerRequest request, byte @Nullable [] body);

    /**
     * Says who calls, for the transport context.
     *
     * @param request the request
     * @return the entries of the context, in a map that can be changed
     */
    static Map<String, Object> caller(ServerRequest request) {
        return PrincipalContext.from(
                request.servletRequest().getRemoteAddr(),
                PrincipalContext.of(request.principal().orElse(null)));
    }
}
