package io.asyncmcp.web.servlet;

import io.asyncmcp.server.transport.MessageFault;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.web.HttpRequest;
import io.modelcontextprotocol.common.McpTransportContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Reads requests on WebMVC. */
final class ServletRequests {

    private static final String HTTP_2 = "HTTP/2.0";

    private ServletRequests() {}

    /** Returns a request without its body. */
    static HttpRequest head(HttpServletRequest request, @Nullable Principal principal) {
        Function<String, List<String>> headers = headers(request);
        return new HttpRequest(
                request.getMethod(),
                request.getQueryString(),
                headers,
                () -> all(request, headers),
                McpTransportContext.create(
                        PrincipalContext.from(request.getRemoteAddr(), PrincipalContext.of(principal))));
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

    private static Map<String, List<String>> all(HttpServletRequest request, Function<String, List<String>> headers) {
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
}
