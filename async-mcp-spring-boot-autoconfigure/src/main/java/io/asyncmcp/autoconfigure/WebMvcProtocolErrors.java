package io.asyncmcp.autoconfigure;

import io.asyncmcp.autoconfigure.ProtocolErrors.Answer;
import io.asyncmcp.server.transport.ContentTypes;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.QueryStrings;
import io.asyncmcp.server.transport.RequestBodies;
import io.asyncmcp.server.transport.SessionOwners;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.EntityResponse;
import org.springframework.web.servlet.function.HandlerFilterFunction;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** Puts {@link ProtocolErrors} around a WebMVC transport. */
final class WebMvcProtocolErrors implements HandlerFilterFunction<ServerResponse, ServerResponse> {

    private static final String HTTP_2 = "HTTP/2.0";

    private final ProtocolErrors errors;

    WebMvcProtocolErrors(ProtocolErrors errors) {
        this.errors = errors;
    }

    /** What keeps callers out of each other's sessions. */
    WebMvcSessions sessions(SessionOwners owners) {
        return new WebMvcSessions(owners, errors);
    }

    @Override
    public ServerResponse filter(ServerRequest given, HandlerFunction<ServerResponse> next) throws Exception {
        // To read it again, as a copy of the request does, would be an error of the server's.
        if (!QueryStrings.isReadable(given.servletRequest().getQueryString())) {
            return response(errors.unreadableQuery());
        }
        ServerRequest request = withHost(given);
        if (!request.method().equals(HttpMethod.POST)) {
            Answer unreadable = errors.faultForTransport(request.headers().header(HttpHeaders.ACCEPT), null);
            return unreadable == null ? mended(next.handle(request), null) : response(unreadable);
        }
        if (!ContentTypes.isJson(request.headers().header(HttpHeaders.CONTENT_TYPE))) {
            return response(errors.unsupportedMediaType());
        }
        String caller = PrincipalContext.callerOf(
                request.principal().orElse(null), request.servletRequest().getRemoteAddr());
        try (RequestBodies.Reading reading = errors.bodies().begin(caller)) {
            List<RequestBodies.Refusal> refusals = new ArrayList<>(1);
            byte[] body = reading.read(request.servletRequest().getInputStream(), refusals::add);
            return body == null ? response(errors.refused(refusals.get(0))) : handled(request, body, next);
        }
    }

    /** On HTTP/2 the host is no header for Tomcat, and the rules on hosts would not see it. */
    private static ServerRequest withHost(ServerRequest request) {
        HttpServletRequest servlet = request.servletRequest();
        if (!HTTP_2.equals(servlet.getProtocol()) || request.headers().firstHeader(HttpHeaders.HOST) != null) {
            return request;
        }
        int usual = servlet.isSecure() ? 443 : 80;
        String port = servlet.getServerPort() == usual ? "" : ":" + servlet.getServerPort();
        return ServerRequest.from(request)
                .header(HttpHeaders.HOST, servlet.getServerName() + port)
                .build();
    }

    private ServerResponse handled(ServerRequest request, byte[] body, HandlerFunction<ServerResponse> next)
            throws Exception {
        Answer unreadable = errors.faultForTransport(request.headers().header(HttpHeaders.ACCEPT), body);
        if (unreadable != null) {
            return response(unreadable);
        }
        try {
            ServerResponse response =
                    next.handle(ServerRequest.from(request).body(body).build());
            return mended(response, body);
        } catch (RuntimeException e) {
            Answer fault = errors.faultOf(body, true);
            if (fault == null) {
                throw e;
            }
            return response(fault);
        }
    }

    private ServerResponse mended(ServerResponse response, byte @Nullable [] body) {
        int status = response.statusCode().value();
        if (status < 400) {
            return response;
        }
        Object entity = response instanceof EntityResponse<?> withEntity ? withEntity.entity() : null;
        return response(errors.insteadOf(status, entity, body));
    }

    static ServerResponse response(Answer answer) {
        ServerResponse.BodyBuilder builder = ServerResponse.status(answer.status());
        if (answer.isBusy()) {
            builder.header(HttpHeaders.RETRY_AFTER, "1");
        }
        return builder.contentType(MediaType.APPLICATION_JSON).body(answer.json());
    }
}
