package io.asyncmcp.web.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.server.http.EventStream;
import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.http.MessageJson;
import io.asyncmcp.server.http.OpenExchanges;
import io.asyncmcp.server.http.ReplyMemory;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.async.WebAsyncUtils;
import tools.jackson.databind.json.JsonMapper;

class ServletWriterTests {

    private final AtomicLong now = new AtomicLong();

    private static final String TEXT = "x".repeat(3_000);

    /** A container that takes nothing without being asked for it, and counts what it is given all the same. */
    private static final class Container extends HttpServletResponseWrapper {

        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        private final AtomicInteger completed = new AtomicInteger();

        private final AtomicInteger usedAfterTheEnd = new AtomicInteger();

        private final List<AsyncListener> listeners = new ArrayList<>();

        private final MockHttpServletRequest request;

        private volatile boolean ready = true;

        private int largest;

        private volatile boolean complete;

        private volatile boolean showedItsErrorPage;

        private volatile boolean ended;

        private volatile Runnable whileWriting = () -> {};

        private @Nullable WriteListener listener;

        private final ServletOutputStream stream = new ServletOutputStream() {

            @Override
            public boolean isReady() {
                used();
                return ready;
            }

            @Override
            public void setWriteListener(WriteListener toTell) {
                listener = toTell;
            }

            @Override
            public void write(int b) {
                throw new AssertionError("one byte at a time");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                whileWriting.run();
                used();
                written.write(bytes, offset, length);
                largest = Math.max(largest, length);
            }

            @Override
            public void flush() {
                used();
            }
        };

        Container(String method) {
            super(new MockHttpServletResponse());
            request = new MockHttpServletRequest(method, "/mcp") {

                @Override
                public AsyncContext startAsync() {
                    return startAsync(this, Container.this);
                }

                @Override
                public AsyncContext startAsync(
                        jakarta.servlet.ServletRequest given, jakarta.servlet.ServletResponse response) {
                    setAsyncStarted(true);
                    MockAsyncContext context = new MockAsyncContext(this, Container.this) {

                        @Override
                        public void complete() {
                            used();
                            if (complete) {
                                throw new IllegalStateException("it is complete");
                            }
                            complete = true;
                            completed.incrementAndGet();
                        }

                        @Override
                        public void addListener(AsyncListener added) {
                            listeners.add(added);
                        }
                    };
                    setAsyncContext(context);
                    return context;
                }
            };
            request.setAsyncSupported(true);
            WebAsyncUtils.getAsyncManager(request)
                    .setAsyncWebRequest(WebAsyncUtils.createAsyncWebRequest(request, this));
        }

        private void used() {
            if (ended) {
                usedAfterTheEnd.incrementAndGet();
            }
        }

        @Override
        public ServletOutputStream getOutputStream() {
            return stream;
        }

        /** As Tomcat does when a client has gone. */
        void fail() {
            AsyncEvent event = new AsyncEvent(request.getAsyncContext());
            try {
                if (listener != null) {
                    listener.onError(new IOException("the client has gone"));
                }
                complete = false;
                for (AsyncListener each : listeners) {
                    each.onError(event);
                }
                showedItsErrorPage = !complete;
                for (AsyncListener each : listeners) {
                    each.onComplete(event);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            ended = true;
        }

        int events() {
            return written.toString(StandardCharsets.UTF_8).split("data:", -1).length - 1;
        }
    }

    private static HttpExchange exchange() {
        return new HttpExchange(
                new MessageJson(JsonMapper.shared()),
                Runnable::run,
                new ReplyMemory(Limits.DEFAULTS),
                new OpenExchanges(0),
                false);
    }

    private ServletWriter writer(Container container, HttpExchange exchange) {
        ServletWriter writer =
                new ServletWriter(container.request, (HttpServletResponse) container, exchange, now::get);
        exchange.response().thenAccept(writer::respond);
        return writer;
    }

    private static JSONRPCNotification news() {
        return new JSONRPCNotification("notifications/message", Map.of("data", TEXT));
    }

    @Test
    void littleIsWrittenWhileTheHandlerHoldsTheThread() throws IOException {
        Container container = new Container("POST");
        HttpExchange exchange = exchange();
        ServletWriter writer = writer(container, exchange);
        exchange.send(news());
        exchange.send(news());
        assertThat(container.events()).isEqualTo(2);
        exchange.send(news());
        exchange.respond(200, JSONRPCResponse.result(1, Map.of("text", TEXT)));
        assertThat(container.events()).as("the rest waits for the container").isEqualTo(2);
        writer.release();
        assertThat(container.events()).isEqualTo(4);
        assertThat(container.completed).hasValue(1);
    }

    @Test
    void responseThatEndsAStreamIsNotWrittenWhileTheHandlerHoldsTheThread() throws IOException {
        Container container = new Container("POST");
        HttpExchange exchange = exchange();
        ServletWriter writer = writer(container, exchange);
        exchange.openStream();
        exchange.respond(200, JSONRPCResponse.result(1, Map.of("text", TEXT)));
        assertThat(container.events()).isZero();
        container.ready = false;
        writer.release();
        assertThat(container.events()).as("a client that does not read").isZero();
        container.ready = true;
        writer.onWritePossible();
        assertThat(container.events()).isEqualTo(1);
        assertThat(container.completed).hasValue(1);
    }

    @Test
    void streamThatIsTakenUpAgainIsNotWrittenByTheThreadOfItsRequest() throws IOException {
        HttpExchange first = exchange();
        first.identify("1", false, events -> {});
        EventStream cut = first.openStream();
        for (int i = 0; i < 10; i++) {
            first.send(news());
        }
        Container container = new Container("GET");
        HttpExchange resumed = exchange();
        ServletWriter writer = writer(container, resumed);
        assertThat(cut).isNotNull();
        resumed.continueWith(cut, cut.rewind(0), false);
        assertThat(container.events()).isZero();
        container.ready = false;
        writer.release();
        assertThat(container.events()).isZero();
        container.ready = true;
        writer.onWritePossible();
        assertThat(container.events()).isEqualTo(10);
    }

    @Test
    void largeReplyIsWrittenInSlices() throws IOException {
        Container container = new Container("POST");
        HttpExchange exchange = exchange();
        ServletWriter writer = writer(container, exchange);
        exchange.respond(200, JSONRPCResponse.result(1, Map.of("text", "x".repeat(100_000))));
        writer.release();
        assertThat(container.written.size()).isGreaterThan(100_000);
        assertThat(container.largest).isEqualTo(32 * 1024);
        assertThat(container.completed).hasValue(1);
    }

    /** What the container has ended belongs to another client. */
    @Test
    void containerWaitsForAWrite() throws Exception {
        Container container = new Container("POST");
        HttpExchange exchange = exchange();
        ServletWriter writer = writer(container, exchange);
        exchange.openStream();
        writer.release();
        Thread failing = new Thread(container::fail);
        container.whileWriting = () -> {
            failing.start();
            while (failing.getState() != Thread.State.WAITING && failing.isAlive()) {
                Thread.onSpinWait();
            }
        };
        exchange.send(news());
        failing.join();
        assertThat(container.usedAfterTheEnd).hasValue(0);
        assertThat(container.showedItsErrorPage).isFalse();
    }

    @Test
    void nobodyCompletesWhatTheContainerHasEnded() throws Exception {
        Container container = new Container("POST");
        HttpExchange exchange = exchange();
        ServletWriter writer = writer(container, exchange);
        exchange.openStream();
        writer.release();
        exchange.whenWritten()
                .thenRun(() -> CompletableFuture.runAsync(container::fail).join());
        exchange.respond(200, JSONRPCResponse.result(1, Map.of()));
        assertThat(container.ended).isTrue();
        assertThat(container.usedAfterTheEnd).hasValue(0);
        assertThat(container.showedItsErrorPage).isFalse();
    }
}
