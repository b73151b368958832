package io.asyncmcp.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.server.transport.Heartbeats;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class WebFluxHeartbeatsTests {

    private final Ticks timer = new Ticks();

    private final WebFluxHeartbeats heartbeats =
            new WebFluxHeartbeats(new Heartbeats(Duration.ofSeconds(3), timer, Runnable::run));

    private final Sinks.Many<String> events = Sinks.many().unicast().onBackpressureBuffer();

    private final List<String> written = new CopyOnWriteArrayList<>();

    private Consumer<String> whileWriting = text -> {};

    private final CompletableFuture<Void> end = new CompletableFuture<>();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void commentsGoBetweenEvents() {
        write(MediaType.TEXT_EVENT_STREAM);
        beat();
        beat();
        events.tryEmitNext("one");
        beat();
        beat();
        events.tryEmitNext("two");
        events.tryEmitComplete();
        assertThat(end).isCompleted();
        assertThat(String.join("", written)).isEqualTo(":\n\ndata:one\n\n:\n\ndata:two\n\n");
    }

    /** The reply may come from another thread at the very moment. */
    @Test
    void streamEndsThoughACommentIsBeingWritten() {
        write(MediaType.TEXT_EVENT_STREAM);
        whileWriting = text -> {
            if (text.startsWith(":")) {
                Thread other = new Thread(events::tryEmitComplete);
                other.start();
                try {
                    other.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        beat();
        beat();
        assertThat(written).containsExactly(":\n\n");
        assertThat(end).isCompleted();
    }

    @Test
    void otherResponsesAreLeftAlone() {
        write(MediaType.TEXT_PLAIN);
        beat();
        beat();
        events.tryEmitNext("one");
        events.tryEmitComplete();
        assertThat(end).isCompleted();
        assertThat(written).containsExactly("one");
    }

    private void beat() {
        timer.task.run();
    }

    private void write(MediaType type) {
        MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/mcp"));
        exchange.getResponse()
                .setWriteHandler(buffers -> buffers.doOnNext(this::written).then());
        boolean stream = type.equals(MediaType.TEXT_EVENT_STREAM);
        Flux<?> body = stream
                ? events.asFlux().map(text -> ServerSentEvent.builder(text).build())
                : events.asFlux();
        Class<?> element = stream ? ServerSentEvent.class : String.class;
        ServerRequest request =
                ServerRequest.create(exchange, HandlerStrategies.withDefaults().messageReaders());
        heartbeats
                .filter(request, same -> ServerResponse.ok().contentType(type).body(body, element))
                .flatMap(response -> response.writeTo(exchange, new Strategies()))
                .subscribe(null, end::completeExceptionally, () -> end.complete(null));
    }

    private void written(DataBuffer buffer) {
        String text = buffer.toString(StandardCharsets.UTF_8);
        written.add(text);
        whileWriting.accept(text);
    }

    private static final class Strategies implements ServerResponse.Context {

        @Override
        public List<HttpMessageWriter<?>> messageWriters() {
            return HandlerStrategies.withDefaults().messageWriters();
        }

        @Override
        public List<ViewResolver> viewResolvers() {
            return List.of();
        }
    }

    /** Runs its one task when it is told to. */
    private static final class Ticks extends ScheduledThreadPoolExecutor {

        private Runnable task = () -> {};

        Ticks() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(
                Runnable command, long initialDelay, long delay, TimeUnit unit) {
            task = command;
            return super.schedule(() -> {}, 1, TimeUnit.DAYS);
        }
    }
}
