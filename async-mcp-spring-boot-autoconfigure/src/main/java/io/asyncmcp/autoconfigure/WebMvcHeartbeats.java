package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.Heartbeats;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.HandlerFilterFunction;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** Gives the event streams of a WebMVC transport their {@link Heartbeats}: the transport has no way to comment. */
final class WebMvcHeartbeats implements HandlerFilterFunction<ServerResponse, ServerResponse> {

    private static final String KEY = WebMvcHeartbeats.class.getName();

    private final Heartbeats heartbeats;

    WebMvcHeartbeats(Heartbeats heartbeats) {
        this.heartbeats = heartbeats;
    }

    @Override
    public ServerResponse filter(ServerRequest request, HandlerFunction<ServerResponse> next) throws Exception {
        ServerResponse response = next.handle(request);
        return MediaType.TEXT_EVENT_STREAM.isCompatibleWith(response.headers().getContentType())
                ? new Commented(response, heartbeats)
                : response;
    }

    private record Commented(ServerResponse response, Heartbeats heartbeats) implements ServerResponse {

        @Override
        public HttpStatusCode statusCode() {
            return response.statusCode();
        }

        @Override
        public HttpHeaders headers() {
            return response.headers();
        }

        @Override
        public MultiValueMap<String, jakarta.servlet.http.Cookie> cookies() {
            return response.cookies();
        }

        @Override
        public @Nullable ModelAndView writeTo(
                HttpServletRequest request, HttpServletResponse servletResponse, Context context)
                throws ServletException, IOException {
            CommentedResponse commented = new CommentedResponse(servletResponse, heartbeats);
            // Before the container takes the response back, to use it for another request.
            WebAsyncUtils.getAsyncManager(request)
                    .registerDeferredResultInterceptor(KEY, new DeferredResultProcessingInterceptor() {
                        @Override
                        public <T> void afterCompletion(NativeWebRequest webRequest, DeferredResult<T> result) {
                            commented.over();
                        }
                    });
            try {
                return response.writeTo(request, commented, context);
            } catch (Throwable e) {
                commented.over();
                throw e;
            }
        }
    }
}
