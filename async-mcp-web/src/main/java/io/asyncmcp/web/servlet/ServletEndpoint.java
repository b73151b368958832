package io.asyncmcp.web.servlet;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.transport.MessageFault;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.RequestBodies;
import io.asyncmcp.web.HttpRequest;
import io.asyncmcp.web.McpHttpEndpoint;
import io.asyncmcp.web.SseHttpEndpoint;
import io.modelcontextprotocol.common.McpTransportContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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

    private static final String HTTP_2 = "HTTP/2.0";

    private final McpHttpEndpoint endpoint;

    /** The methods that a path takes, if there is no other way to handle the request than to say so. */
    private final @Nullable String allowed;

    private ServletEndpoint(McpHttpEndpoint endpoint, @Nullable String allowed) {
        this.endpoint = endpoint;
        this.allowed = allowed;
    }

    /**
     * Returns the route to an endpoint.
     *
     * @param path the path of the endpoint
     * @param endpoint the endpoint
     * @return the route
     */
    public static RouterFunction<ServerResponse> route(String path, McpHttpEndpoint endpoint) {
        return RouterFunctions.route(RequestPredicates.path(path), new ServletEndpoint(endpoint, null));
    }

    /**
     * Returns the routes to an endpoint of the SSE transport.
     *
     * @param ssePath where clients open their streams
     * @param messagePath where they send their messages
     * @param endpoint the endpoint
     * @return the routes
     */
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

    private static Function<String, List<String>> headers(HttpServletRequest request) {
        return name -> {
            List<String> values = values(request, name);
            return values.isEmpty() && name.equals(HttpHeaders.HOST) && HTTP_2.equals(request.getProtocol())
                    ? List.of(host(request))
                    : values;
        };
    }

    private static List<String> values(HttpServletRequest request, String name) {
        try {
            return Collections.list(request.getHeaders(name));
        } catch (RuntimeException e) {
            // Spring Security's firewall looks at a value when somebody asks for it.
            throw MessageFault.invalid("The header " + name + " has a value that this server does not take.");
        }
    }

    private static Map<String, List<String>> all(HttpServletRequest request) {
        Function<String, List<String>> headers = headers(request);
        Map<String, List<String>> all = new HashMap<>();
        Collections.list(request.getHeaderNames()).forEach(name -> all.put(name, headers.apply(name)));
        List<String> host = headers.apply(HttpHeaders.HOST);
        if (!host.isEmpty()) {
            all.keySet().removeIf(HttpHeaders.HOST::equalsIgnoreCase);
            all.put(HttpHeaders.HOST, host);
        }
        return all;
    }

    /** On HTTP/2 the host is no header for Tomcat, and the rules on hosts would not see it. */
    private static String host(HttpServletRequest given) {
        // As it came: a filter for forwarded headers believes what anybody sends.
        ServletRequest request = given;
        while (request instanceof ServletRequestWrapper wrapper) {
            request = wrapper.getRequest();
        }
        int usual = request.isSecure() ? 443 : 80;
        return request.getServerName() + (request.getServerPort() == usual ? "" : ":" + request.getServerPort());
    }

    /** Writes by itself. */
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
            String address = request.getRemoteAddr();
            HttpRequest head = new HttpRequest(
                    request.getMethod(),
                    request.getQueryString(),
                    ServletEndpoint.headers(request),
                    () -> all(request),
                    McpTransportContext.create(PrincipalContext.from(address, PrincipalContext.of(principal))));
            if (allowed != null) {
                endpoint.refuseMethod(allowed, exchange);
            } else if (endpoint.admits(head, exchange)) {
                try (RequestBodies.Reading reading =
                        endpoint.bodies().begin(PrincipalContext.callerOf(principal, address))) {
                    if (!head.isPost() || read(request, reading, head, exchange)) {
                        endpoint.handle(head, exchange).subscribe();
                    }
                }
            }
            writer.release();
            return null;
        }

        private boolean read(
                HttpServletRequest request, RequestBodies.Reading reading, HttpRequest head, HttpExchange exchange)
                throws IOException {
            List<RequestBodies.Refusal> refusals = new ArrayList<>(1);
            byte[] body = reading.read(request.getInputStream(), request.getContentLengthLong(), refusals::add);
            if (body == null) {
                endpoint.refuse(refusals.get(0), head, exchange);
                return false;
            }
            head.with(body);
            return true;
        }
    }
}
