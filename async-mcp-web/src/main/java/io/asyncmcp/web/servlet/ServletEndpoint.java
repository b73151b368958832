package io.asyncmcp.web.servlet;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.RequestBodies;
import io.asyncmcp.web.HttpRequest;
import io.asyncmcp.web.McpHttpEndpoint;
import io.asyncmcp.web.SseHttpEndpoint;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Serves the endpoint with WebMVC. No thread waits: neither for a response, nor for a client that does not read.
 *
 * @since 0.1.0
 */
public final class ServletEndpoint implements HandlerFunction<ServerResponse> {

    private final McpHttpEndpoint endpoint;

    /** The methods that the path takes, if this only refuses requests with others; {@code null} if it handles requests. */
    private final @Nullable String allowed;

    private ServletEndpoint(McpHttpEndpoint endpoint, @Nullable String allowed) {
        this.endpoint = endpoint;
        this.allowed = allowed;
    }

    /** Returns the route to an endpoint at that path. */
    public static RouterFunction<ServerResponse> route(String path, McpHttpEndpoint endpoint) {
        return RouterFunctions.route(RequestPredicates.path(path), new ServletEndpoint(endpoint, null));
    }

    /** Returns the routes to an SSE endpoint: clients open streams at {@code ssePath}, and send messages to {@code messagePath}. */
    public static RouterFunction<ServerResponse> route(String ssePath, String messagePath, SseHttpEndpoint endpoint) {
        ServletEndpoint handler = new ServletEndpoint(endpoint, null);
        return RouterFunctions.route()
                .GET(ssePath, handler)
                .POST(messagePath, handler)
                .route(RequestPredicates.path(ssePath), new ServletEndpoint(endpoint, "GET"))
                .route(RequestPredicates.path(messagePath), new ServletEndpoint(endpoint, "POST"))
                .build();
    }

    @Override
    public ServerResponse handle(ServerRequest request) {
        return new Written(request.principal().orElse(null));
    }

    private final class Written implements ServerResponse {

        private final @Nullable Principal principal;

        Written(@Nullable Principal principal) {
            this.principal = principal;
        }

        @Override
        public HttpStatusCode statusCode() {
            return HttpStatus.OK;
        }

        @Override
        public HttpHeaders headers() {
            return HttpHeaders.EMPTY;
        }

        @Override
        public MultiValueMap<String, Cookie> cookies() {
            return new LinkedMultiValueMap<>();
        }

        @Override
        public @Nullable ModelAndView writeTo(HttpServletRequest request, HttpServletResponse response, Context context)
                throws IOException {
            HttpExchange exchange = endpoint.open();
            ServletWriter writer = new ServletWriter(request, response, exchange, Ticker.systemTicker());
            exchange.response().thenAccept(writer::respond);
            HttpRequest head = ServletRequests.head(request, principal);
            if (allowed != null) {
                endpoint.refuseMethod(allowed, exchange);
            } else if (endpoint.admits(head, exchange)) {
                if (head.isPost()) {
                    post(request, head, exchange);
                } else {
                    endpoint.handle(head, exchange).subscribe();
                }
            }
            writer.release();
            return null;
        }

        /** What the body takes up counts until it has been handled. */
        private void post(HttpServletRequest request, HttpRequest head, HttpExchange exchange) throws IOException {
            String caller = PrincipalContext.callerOf(principal, request.getRemoteAddr());
            List<RequestBodies.Refusal> refusals = new ArrayList<>(1);
            try (RequestBodies.Reading reading = endpoint.bodies().begin(caller)) {
                byte[] body = reading.read(request.getInputStream(), request.getContentLengthLong(), refusals::add);
                if (body == null) {
                    endpoint.refuse(refusals.get(0), head, exchange);
                } else {
                    endpoint.handle(head.with(body), exchange).subscribe();
                }
            }
        }
    }
}
