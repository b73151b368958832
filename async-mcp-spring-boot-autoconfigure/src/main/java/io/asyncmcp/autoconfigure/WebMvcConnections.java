package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.Connection;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.servlet.function.HandlerFilterFunction;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** Gives each request its {@link Connection}, and tells it when the asynchronous response is over. */
final class WebMvcConnections implements HandlerFilterFunction<ServerResponse, ServerResponse> {

    @Override
    public ServerResponse filter(ServerRequest request, HandlerFunction<ServerResponse> next) throws Exception {
        Connection connection = new Connection();
        request.attributes().put(Connection.key(), connection);
        WebAsyncUtils.getAsyncManager(request.servletRequest())
                .registerDeferredResultInterceptor(Connection.key(), new DeferredResultProcessingInterceptor() {
                    @Override
                    public <T> void afterCompletion(NativeWebRequest webRequest, DeferredResult<T> result) {
                        connection.close();
                    }
                });
        return next.handle(request);
    }
}
