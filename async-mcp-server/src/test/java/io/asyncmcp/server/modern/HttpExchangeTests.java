package io.asyncmcp.server.modern;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.server.modern.HttpExchange.Response;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;

class HttpExchangeTests {

    private static final JSONRPCResponse RESPONSE = JSONRPCResponse.result(1, Map.of());

    private final ManualExecutor delivery = new ManualExecutor();

    private final HttpExchange exchange = new HttpExchange(delivery);

    private final List<Optional<JSONRPCMessage>> events = new ArrayList<>();

    private boolean complete;

    private static JSONRPCNotification notification(int number) {
        return new JSONRPCNotification("n" + number, null);
    }

    private static Optional<JSONRPCMessage> event(JSONRPCMessage message) {
        return Optional.of(message);
    }

    private Response response() {
        assertThat(exchange.response()).isCompleted();
        return exchange.response().toCompletableFuture().join();
    }

    private Disposable read() {
        assertThat(response()).isInstanceOf(Response.Stream.class);
        return ((Response.Stream) response()).events().subscribe(events::add, e -> {}, () -> complete = true);
    }

    @Test
    void whatNobodyReadsIsWeighedToo() {
        JSONRPCNotification large = new JSONRPCNotification(
                "notifications/message",
                new LoggingMessageNotification(LoggingLevel.INFO, "tool", "x".repeat(100_000)));
        for (int i = 0; i < 100; i++) {
            exchange.send(large);
        }
        read();
        assertThat(events).hasSize(11);

        exchange.send(large);
        assertThat(events).as("who reads gets the rest").hasSize(12);
    }

    /** The end of a task comes once, with its result. */
    @Test
    void oneEventIsTakenHoweverLargeItIs() {
        JSONRPCNotification small = new JSONRPCNotification("notifications/tasks", Map.of("status", "working"));
        JSONRPCNotification end =
                new JSONRPCNotification("notifications/tasks", Map.of("result", "x".repeat(3_000_000)));
        exchange.send(small);
        exchange.send(end);
        exchange.send(small);
        read();

        assertThat(events).containsExactly(Optional.of(small), Optional.of(end));
    }

    @Test
    void singleResponseIfThatIsAll() {
        assertThat(exchange.response()).isNotCompleted();
        exchange.respond(404, RESPONSE);
        assertThat(response()).isEqualTo(new Response.Single(404, RESPONSE));
        assertThat(exchange.ended()).isCompleted();
        assertThat(exchange.lost()).isNotCompleted();
    }

    @Test
    void singleResponseWithoutABody() {
        exchange.respond(202, null);
        assertThat(response()).isEqualTo(new Response.Single(202, null));
    }

    @Test
    void streamIfThereIsMore() {
        exchange.send(notification(1));
        Response first = response();
        exchange.send(notification(2));
        exchange.respond(400, RESPONSE);
        assertThat(response()).isSameAs(first);
        read();
        assertThat(events).containsExactly(event(notification(1)), event(notification(2)), event(RESPONSE));
        assertThat(complete).isTrue();
        assertThat(exchange.ended()).isCompleted();
        assertThat(exchange.lost()).isNotCompleted();
    }

    @Test
    void eventsArriveAsTheyAreSent() {
        exchange.send(notification(1));
        read();
        assertThat(events).containsExactly(event(notification(1)));
        exchange.send(notification(2));
        assertThat(events).hasSize(2);
        assertThat(complete).isFalse();
        assertThat(exchange.ended()).isNotCompleted();
    }

    @Test
    void signOfLifeMakesAStream() {
        exchange.signOfLife();
        assertThat(exchange.response()).as("not on the timer's thread").isNotCompleted();
        delivery.runAll();
        read();
        exchange.respond(200, RESPONSE);
        assertThat(events).containsExactly(Optional.empty(), event(RESPONSE));
    }

    @Test
    void nothingAfterASingleResponse() {
        exchange.respond(200, RESPONSE);
        exchange.send(notification(1));
        exchange.signOfLife();
        delivery.runAll();
        exchange.respond(500, JSONRPCResponse.result(2, Map.of()));
        assertThat(response()).isEqualTo(new Response.Single(200, RESPONSE));
    }

    @Test
    void nothingAfterTheResponseOfAStream() {
        exchange.send(notification(1));
        read();
        exchange.respond(200, RESPONSE);
        exchange.send(notification(2));
        exchange.signOfLife();
        delivery.runAll();
        exchange.respond(200, JSONRPCResponse.result(2, Map.of()));
        assertThat(events).containsExactly(event(notification(1)), event(RESPONSE));
        assertThat(complete).isTrue();
    }

    @Test
    void clientThatDoesNotReadLosesNotificationsAndNeverTheResponse() {
        exchange.send(notification(0));
        BaseSubscriber<Optional<JSONRPCMessage>> late = new BaseSubscriber<>() {

            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                // Nothing is asked for yet.
            }

            @Override
            protected void hookOnNext(Optional<JSONRPCMessage> event) {
                events.add(event);
            }

            @Override
            protected void hookOnComplete() {
                complete = true;
            }
        };
        ((Response.Stream) response()).events().subscribe(late);
        exchange.signOfLife();
        delivery.runAll();
        for (int i = 1; i < 2000; i++) {
            exchange.send(notification(i));
            exchange.signOfLife();
            delivery.runAll();
        }
        exchange.respond(200, RESPONSE);
        late.requestUnbounded();
        assertThat(events).hasSize(513).startsWith(event(notification(0)), Optional.empty(), event(notification(1)));
        assertThat(events.get(512)).isEqualTo(event(RESPONSE));
        assertThat(complete).isTrue();
    }

    @Test
    void streamThatNobodyBeginsToReadIsGivenUp() {
        for (int i = 0; i < 3; i++) {
            exchange.signOfLife();
        }
        delivery.runAll();
        assertThat(exchange.lost()).isNotCompleted();

        exchange.signOfLife();
        delivery.runAll();

        assertThat(exchange.lost()).isCompleted();
        assertThat(exchange.ended()).isCompleted();
    }

    @Test
    void connectionThatEndsIsNoLossOnceTheResponseIsHandedOver() {
        exchange.send(notification(1));
        read();
        exchange.respond(200, RESPONSE);
        exchange.closed();
        assertThat(exchange.lost()).isNotCompleted();
    }

    @Test
    void connectionThatEndsBeforeTheResponseIsHandedOverIsALoss() {
        exchange.send(notification(1));
        exchange.respond(200, RESPONSE);
        exchange.closed();
        assertThat(exchange.lost()).isCompleted();
    }

    @Test
    void clientThatReadsLosesNothing() {
        exchange.send(notification(0));
        read();
        for (int i = 1; i < 2000; i++) {
            exchange.send(notification(i));
        }
        exchange.respond(200, RESPONSE);
        assertThat(events).hasSize(2001);
    }

    @Test
    void closedBeforeAnything() {
        exchange.closed();
        assertThat(exchange.lost()).isCompleted();
        assertThat(exchange.ended()).isCompleted();
        exchange.send(notification(1));
        exchange.signOfLife();
        delivery.runAll();
        exchange.respond(200, RESPONSE);
        assertThat(exchange.response()).as("there is nobody to respond to").isNotCompleted();
    }

    @Test
    void closedByWhoeverReadsTheStream() {
        exchange.send(notification(1));
        read().dispose();
        assertThat(exchange.lost()).isCompleted();
        assertThat(exchange.ended()).isCompleted();
        exchange.send(notification(2));
        exchange.respond(200, RESPONSE);
        assertThat(events).containsExactly(event(notification(1)));
    }

    @Test
    void closedWhenTheResponseIsOut() {
        exchange.send(notification(1));
        read();
        exchange.respond(200, RESPONSE);
        exchange.closed();
        exchange.closed();
        assertThat(events).containsExactly(event(notification(1)), event(RESPONSE));
    }

    @Test
    void signsOfLifeEndWithTheServer() {
        delivery.shutdown();
        exchange.signOfLife();
        assertThat(exchange.response()).isNotCompleted();
        exchange.respond(200, RESPONSE);
        assertThat(response()).isEqualTo(new Response.Single(200, RESPONSE));
    }
}
