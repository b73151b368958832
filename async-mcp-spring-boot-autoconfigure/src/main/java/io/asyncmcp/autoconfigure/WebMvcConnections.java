package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.Connection;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.MultiValueMap;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.AsyncServerResponse;
import org.springframework.web.servlet.function.HandlerFilterFunction;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Gives each request its {@link Connection}, and tells it when the asynchronous response is over or cannot be written.
 *
 * <p>A servlet container reads nothing while a request waits, so that a client which has gone is only noticed by writing. The
 * first write after that often succeeds: it goes into a buffer, and its failure shows at the next one. So a reply that comes late
 * is preceded by a comment.
 */
final class WebMvcConnections implements HandlerFilterFunction<ServerResponse, ServerResponse> {

    /** Nobody gives up sooner. A reply that comes sooner needs no comment. */
    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(1);

    private final Clock clock;

    WebMvcConnections(Clock clock) {
        this.clock = clock;
    }

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
        long probedFrom = clock.millis() + SHORTEST_PATIENCE.toMillis();
        ServerResponse response = next.handle(request);
        return response instanceof AsyncServerResponse
                ? response
                : new Watched(response, connection, clock, probedFrom);
    }

    private record Watched(ServerResponse response, Connection connection, Clock clock, long probedFrom)
            implements ServerResponse {

        @Override
        public HttpStatusCode statusCode() {
            return response.statusCode();
        }

        @Override
        public HttpHeaders headers() {
            return response.headers();
        }

        @Override
        public MultiValueMap<String, Cookie> cookies() {
            return response.cookies();
        }

        @Override
        public @Nullable ModelAndView writeTo(
                HttpServletRequest request, HttpServletResponse servletResponse, Context context)
                throws ServletException, IOException {
            WatchedServletResponse watched = new WatchedServletResponse(servletResponse, connection);
            connection.probedBy(() -> {
                if (clock.millis() >= probedFrom) {
                    watched.probe();
                }
            });
            return response.writeTo(request, watched, context);
        }
    }
}
