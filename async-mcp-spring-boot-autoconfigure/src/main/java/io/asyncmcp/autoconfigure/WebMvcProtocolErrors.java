package io.asyncmcp.autoconfigure;

import io.asyncmcp.autoconfigure.ProtocolErrors.Answer;
import io.asyncmcp.server.transport.Connection;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.EntityResponse;
import org.springframework.web.servlet.function.HandlerFilterFunction;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** Puts {@link ProtocolErrors} around a WebMVC transport. */
final class WebMvcProtocolErrors implements HandlerFilterFunction<ServerResponse, ServerResponse> {

    private final ProtocolErrors errors;

    WebMvcProtocolErrors(ProtocolErrors errors) {
        this.errors = errors;
    }

    @Override
    public ServerResponse filter(ServerRequest request, HandlerFunction<ServerResponse> next) throws Exception {
        if (!request.method().equals(HttpMethod.POST)) {
            return mended(next.handle(request), null);
        }
        byte[] body = request.servletRequest().getInputStream().readNBytes(errors.maxBodySize() + 1);
        if (body.length > errors.maxBodySize()) {
            return response(errors.tooLarge());
        }
        try {
            ServerResponse response =
                    next.handle(ServerRequest.from(request).body(body).build());
            return request.attribute(Connection.key()).orElse(null) instanceof Connection connection
                            && connection.refusal() != null
                    ? response(errors.refused(connection.refusal()))
                    : mended(response, body);
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

    private static ServerResponse response(Answer answer) {
        return ServerResponse.status(answer.status())
                .contentType(MediaType.APPLICATION_JSON)
                .body(answer.json());
    }
}
