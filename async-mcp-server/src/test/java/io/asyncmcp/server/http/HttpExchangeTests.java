package io.asyncmcp.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonValue;
import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.server.http.HttpExchange.Response;
import io.asyncmcp.server.http.OpenExchanges.Kind;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class HttpExchangeTests {

    private static final JSONRPCResponse RESPONSE = JSONRPCResponse.result(1, Map.of());

    private final Queue<Runnable> delivery = new ArrayDeque<>();

    private boolean shutDown;

    private final ReplyMemory memory = new ReplyMemory(Limits.DEFAULTS.withMaxActiveBytes(400_000));

    private final HttpExchange exchange = new HttpExchange(
            new MessageJson(JsonMapper.shared()),
            task -> {
                if (shutDown) {
                    throw new RejectedExecutionException("shut down");
                }
                delivery.add(task);
            },
            memory,
            new OpenExchanges(0),
            false);

    private final TestReader reader = new TestReader();

    private void deliver() {
        for (Runnable task = delivery.poll(); task != null; task = delivery.poll()) {
            task.run();
        }
    }

    private static JSONRPCNotification notification(String method) {
        return new JSONRPCNotification(method, null);
    }

    private void send(String method) throws IOException {
        exchange.send(notification(method));
    }

    private Response response() {
        assertThat(exchange.response()).isCompleted();
        return exchange.response().toCompletableFuture().join();
    }

    private static Response.Stream stream(HttpExchange exchange) {
        return (Response.Stream) exchange.response().toCompletableFuture().join();
    }

    /** The client comes back on another connection, if what it has missed is still there. */
    private @Nullable HttpExchange back(EventStream stream, long last) {
        long connection = stream.rewind(last);
        if (connection == EventStream.GONE) {
            return null;
        }
        HttpExchange back = new HttpExchange(
                new MessageJson(JsonMapper.shared()), delivery::add, memory, new OpenExchanges(0), false);
        back.continueWith(stream, connection, false);
        return back;
    }

    private Response.Single single() {
        return (Response.Single) response();
    }

    private void read() {
        reader.read(exchange);
    }

    /** A connection that takes everything at once. */
    private static final class TestReader implements EventStream.Reader {

        final List<String> events = new ArrayList<>();

        boolean cut;

        private EventStream.Cursor cursor;

        void read(HttpExchange exchange) {
            cursor = stream(exchange).read(this);
            available();
        }

        @Override
        public void available() {
            for (byte[] next = cursor.take(); next != null; next = cursor.take()) {
                events.add(new String(next, StandardCharsets.UTF_8));
            }
            if (cursor.isOver()) {
                cursor.close(true);
            }
        }

        @Override
        public void cut() {
            cut = true;
            cursor.close(false);
        }
    }

    @Test
    void singleResponseIfThatIsAll() {
        assertThat(exchange.response()).isNotCompleted();
        exchange.respond(404, RESPONSE);
        assertThat(single().status()).isEqualTo(404);
        assertThat(new String(single().body(), StandardCharsets.UTF_8)).contains("\"id\":1");
        assertThat(exchange.ended()).isCompleted();
        assertThat(exchange.lost()).isNotCompleted();
        assertThat(exchange.whenWritten()).isNotCompleted();
    }

    @Test
    void responseThatCannotBeWrittenIsAnError() {
        exchange.respond(200, JSONRPCResponse.result(7, Map.of("a", new Object() {
            @SuppressWarnings("unused")
            public String getB() {
                throw new IllegalStateException("cannot be read");
            }
        })));
        assertThat(new String(single().body(), StandardCharsets.UTF_8))
                .contains("\"id\":7", "-32603")
                .doesNotContain("cannot be read");
    }

    @Test
    void streamIfThereIsMore() throws IOException {
        send("n1");
        Response first = response();
        send("n2");
        exchange.respond(200, RESPONSE);
        assertThat(response()).isSameAs(first);
        read();
        assertThat(reader.events).hasSize(4);
        assertThat(reader.events.get(0))
                .startsWith("event:message\ndata:{")
                .contains("n1")
                .endsWith("}\n\n");
        assertThat(reader.events.get(2))
                .as("the first write to a client that has gone often succeeds")
                .isEqualTo(":\n\n");
        assertThat(exchange.whenWritten()).isCompleted();
        assertThat(exchange.lost()).isNotCompleted();
    }

    @Test
    void streamThatIsDueBeginsWithAComment() {
        exchange.beat(false, true);
        deliver();
        assertThat(exchange.response()).isNotCompleted();
        exchange.beat(true, false);
        assertThat(exchange.response()).as("not on the timer's thread").isNotCompleted();
        deliver();
        read();
        assertThat(reader.events).containsExactly(":\n\n");
    }

    @Test
    void nothingAfterASingleResponse() throws IOException {
        exchange.respond(200, RESPONSE);
        send("n1");
        exchange.beat(true, true);
        deliver();
        exchange.respond(500, Map.of(), null);
        assertThat(single().status()).isEqualTo(200);
    }

    @Test
    void nothingAfterTheResponseOfAStream() throws IOException {
        send("n1");
        read();
        exchange.respond(200, RESPONSE);
        send("n2");
        exchange.respond(200, RESPONSE);
        assertThat(reader.events).hasSize(3);
    }

    @Test
    void endWithoutAResponseIsAStreamThatEnds() {
        exchange.end();
        read();
        assertThat(reader.events).isEmpty();
        assertThat(exchange.whenWritten()).isCompleted();
    }

    @Test
    void connectionThatEndsBeforeTheResponseIsWrittenIsALoss() throws IOException {
        send("n1");
        exchange.respond(200, RESPONSE);
        assertThat(exchange.lost()).isNotCompleted();
        exchange.closed();
        assertThat(exchange.lost()).isCompleted();
        assertThat(exchange.whenWritten()).isCompleted();
    }

    @Test
    void connectionThatEndsIsNoLossOnceTheResponseIsWritten() throws IOException {
        send("n1");
        read();
        exchange.respond(200, RESPONSE);
        exchange.closed();
        assertThat(exchange.lost()).isNotCompleted();
    }

    @Test
    void closedBeforeAnything() throws IOException {
        exchange.closed();
        assertThat(exchange.lost()).isCompleted();
        assertThat(exchange.ended()).isCompleted();
        send("n1");
        exchange.beat(true, true);
        deliver();
        exchange.respond(200, RESPONSE);
        assertThat(exchange.response()).as("there is nobody to respond to").isNotCompleted();
    }

    @Test
    void clientThatTakesNothingIsCutOff() throws IOException {
        send("n1");
        boolean[] cut = new boolean[1];
        stream(exchange).read(new EventStream.Reader() {
            @Override
            public void available() {
                // Does not read.
            }

            @Override
            public void cut() {
                cut[0] = true;
            }
        });
        for (int i = 0; i < 3; i++) {
            exchange.beat(true, true);
            deliver();
            assertThat(cut[0]).isFalse();
        }
        exchange.beat(true, true);
        deliver();
        assertThat(cut[0]).isTrue();
    }

    /** A connection that takes one event, and then writes it. */
    private static final class WritingReader implements EventStream.Reader {

        boolean cut;

        @Override
        public void available() {}

        @Override
        public void cut() {
            cut = true;
        }
    }

    private int beatsUntilCut(WritingReader slow) {
        for (int beats = 1; beats <= 100; beats++) {
            exchange.beat(true, true);
            deliver();
            if (slow.cut) {
                return beats;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    void largeEventMayTakeItsTimeAsLongAsSomeOfItIsWritten() throws IOException {
        exchange.send(reply(1, 150_000));
        exchange.send(reply(2, 10));
        WritingReader slow = new WritingReader();
        EventStream.Cursor cursor = stream(exchange).read(slow);
        assertThat(cursor.take()).hasSizeGreaterThan(150_000);
        for (int i = 0; i < 10; i++) {
            for (int beat = 0; beat < 15; beat++) {
                exchange.beat(true, true);
                deliver();
            }
            cursor.progressed();
        }
        assertThat(slow.cut).isFalse();
        assertThat(beatsUntilCut(slow)).isBetween(20, 23);
    }

    @Test
    void lastEventThatIsNeverWrittenIsGivenUp() throws IOException {
        exchange.send(notification("n"));
        exchange.respond(200, JSONRPCResponse.result(1, Map.of("text", "x".repeat(150_000))));
        WritingReader slow = new WritingReader();
        EventStream.Cursor cursor = stream(exchange).read(slow);
        while (cursor.hasNext()) {
            cursor.take();
        }
        assertThat(memory.taken()).isGreaterThan(150_000);
        assertThat(beatsUntilCut(slow)).isBetween(20, 23);
        cursor.close(false);
        assertThat(memory.taken()).isZero();
        assertThat(exchange.lost()).isCompleted();
    }

    @Test
    void streamThatIsTakenUpAgainLeavesItsOldConnection() throws IOException {
        List<EventStream> kept = new ArrayList<>();
        exchange.identify("1", false, kept::add);
        exchange.send(notification("n1"));
        WritingReader old = new WritingReader();
        EventStream.Cursor before = stream(exchange).read(old);
        before.take();
        HttpExchange again = back(kept.get(0), 1);
        assertThat(old.cut).isTrue();
        kept.get(0).comment();
        assertThat(before.take()).as("what follows is for the new connection").isNull();
        reader.read(again);
        assertThat(reader.events).containsExactly(":\n\n");
    }

    @Test
    void streamThatNobodyBeginsToReadIsGivenUp() throws IOException {
        send("n1");
        for (int i = 0; i < 4; i++) {
            assertThat(exchange.lost()).isNotCompleted();
            exchange.beat(true, true);
            deliver();
        }
        assertThat(exchange.lost()).isCompleted();
    }

    @Test
    void clientThatReadsIsSentCommentsOnSilenceAlone() throws IOException {
        send("n1");
        read();
        for (int i = 0; i < 10; i++) {
            exchange.beat(true, true);
            deliver();
        }
        assertThat(reader.cut).isFalse();
        assertThat(reader.events.stream().filter(":\n\n"::equals)).hasSizeBetween(4, 9);
    }

    @Test
    void signsOfLifeEndWithTheServer() {
        shutDown = true;
        exchange.beat(true, true);
        assertThat(exchange.response()).isNotCompleted();
        exchange.respond(200, RESPONSE);
        assertThat(single().status()).isEqualTo(200);
    }

    @Test
    void cutStreamGoesOnWhereItsClientComesBack() throws IOException {
        List<EventStream> kept = new ArrayList<>();
        exchange.identify("3", false, kept::add);
        send("n1");
        read();
        send("n2");
        assertThat(reader.events.get(1)).startsWith("id:3-2\n");
        reader.cut();
        assertThat(exchange.lost()).isCompleted();
        send("n3");
        exchange.respond(200, RESPONSE);

        HttpExchange back = back(kept.get(0), 1);
        TestReader again = new TestReader();
        again.read(back);

        assertThat(again.events.stream()
                        .filter(event -> event.startsWith("id:"))
                        .map(event -> event.substring(0, 6)))
                .containsExactly("id:3-2", "id:3-3", "id:3-4");
        assertThat(again.events.get(again.events.size() - 2))
                .as("a write that may fail, before the response is written")
                .isEqualTo(":\n\n");
        assertThat(kept.get(0).isOver()).isTrue();
    }

    @Test
    void replyOnAStreamThatWasTakenUpCountsUntilItIsWritten() throws IOException {
        List<EventStream> kept = new ArrayList<>();
        exchange.identify("3", true, kept::add);
        assertThat(exchange.openStream()).isNotNull();
        stream(exchange).read(new WritingReader()).close(false);
        assertThat(exchange.lost()).isCompleted();
        EventStream.Cursor cursor = stream(back(kept.get(0), 0)).read(new WritingReader());
        exchange.respond(200, JSONRPCResponse.result(1, Map.of("text", "x".repeat(150_000))));
        assertThat(memory.taken()).isGreaterThan(150_000);
        while (cursor.hasNext()) {
            assertThat(memory.taken()).isGreaterThan(150_000);
            cursor.take();
        }
        cursor.take();
        assertThat(memory.taken()).isZero();
    }

    @Test
    void replyThatIsForgottenCountsNoMore() throws IOException {
        List<EventStream> kept = new ArrayList<>();
        exchange.identify("3", true, kept::add);
        assertThat(exchange.openStream()).isNotNull();
        stream(exchange).read(new WritingReader()).close(false);
        exchange.respond(200, JSONRPCResponse.result(1, Map.of("text", "x".repeat(60_000))));
        assertThat(kept.get(0).forget()).isTrue();
        assertThat(memory.taken()).isZero();
    }

    @Test
    void connectionThatIsOvertakenHasNothingToRead() throws IOException {
        List<EventStream> kept = new ArrayList<>();
        exchange.identify("3", false, kept::add);
        send("n1");
        HttpExchange overtaken = back(kept.get(0), 0);
        HttpExchange last = back(kept.get(0), 0);
        TestReader lastReader = new TestReader();
        lastReader.read(last);
        TestReader overtakenReader = new TestReader();
        overtakenReader.read(overtaken);
        assertThat(overtakenReader.events).isEmpty();
        assertThat(overtakenReader.cursor.isOver()).isTrue();
        send("n2");
        assertThat(lastReader.cut).isFalse();
        assertThat(lastReader.events).hasSize(2);
    }

    @Test
    void clientIsToldItsStreamBeforeThereIsAnEvent() throws IOException {
        List<EventStream> kept = new ArrayList<>();
        exchange.identify("3", true, kept::add);
        assertThat(exchange.openStream()).isNotNull();
        read();
        assertThat(reader.events).containsExactly("id:3-0\ndata:\n\n");
        reader.cut();
        exchange.respond(200, RESPONSE);
        TestReader again = new TestReader();
        again.read(back(kept.get(0), 0));
        assertThat(again.events).hasSize(2);
        assertThat(again.events.get(1)).startsWith("id:3-1\n");
    }

    @Test
    void clientIsGoneOnceItCannotComeBack() throws IOException {
        List<EventStream> kept = new ArrayList<>();
        List<String> told = new ArrayList<>();
        exchange.identify("3", false, kept::add);
        exchange.whenCutOrResumed(() -> told.add(exchange.isCut() ? "cut" : "resumed"));
        send("n1");
        read();
        reader.cut();
        assertThat(exchange.lost()).isCompleted();
        assertThat(exchange.isCut()).isTrue();
        assertThat(exchange.gone()).isNotCompleted();

        HttpExchange back = back(kept.get(0), 1);
        TestReader again = new TestReader();
        again.read(back);
        assertThat(exchange.isCut()).isFalse();
        again.cut();
        back.closed();
        assertThat(exchange.isCut()).isTrue();
        assertThat(told).containsExactly("cut", "resumed", "cut");

        assertThat(kept.get(0).forget()).isTrue();
        deliver();
        assertThat(exchange.gone()).isCompleted();
        assertThat(exchange.received()).isNotCompleted();
    }

    @Test
    void clientThatComesBackHasItsResponseAfterAll() throws IOException {
        List<EventStream> kept = new ArrayList<>();
        exchange.identify("3", false, kept::add);
        send("n1");
        read();
        reader.cut();
        exchange.respond(200, RESPONSE);
        HttpExchange back = back(kept.get(0), 1);
        assertThat(exchange.received()).isNotCompleted();
        new TestReader().read(back);
        assertThat(exchange.received()).isCompleted();
        assertThat(exchange.gone()).isCompleted();
    }

    @Test
    void whatWasTakenAndNotWrittenIsThereForAClientThatComesBack() throws IOException {
        List<EventStream> kept = new ArrayList<>();
        exchange.identify("3", false, kept::add);
        send("n1");
        EventStream.Cursor cursor = stream(exchange).read(new WritingReader());
        cursor.take();
        exchange.respond(200, RESPONSE);
        cursor.take();
        cursor.take();
        assertThat(kept.get(0).isOver()).isTrue();
        cursor.close(false);
        assertThat(kept.get(0).isComplete()).isFalse();

        HttpExchange back = back(kept.get(0), 1);
        new TestReader().read(back);
        assertThat(kept.get(0).isComplete()).isTrue();
    }

    /** Its connection may be gone before it reads: what was asked on the stream is to be asked elsewhere. */
    @Test
    void streamThatIsTakenUpCountsAsCutUntilItIsRead() throws IOException {
        List<EventStream> kept = new ArrayList<>();
        exchange.identify("3", false, kept::add);
        send("n1");
        read();
        assertThat(exchange.isCut()).isFalse();
        HttpExchange back = back(kept.get(0), 1);
        assertThat(exchange.isCut()).isTrue();
        new TestReader().read(back);
        assertThat(exchange.isCut()).isFalse();
    }

    @Test
    void clientThatSaysItHasReadMoreThanThereWasMayComeBackForLess() throws IOException {
        List<EventStream> kept = new ArrayList<>();
        exchange.identify("3", false, kept::add);
        send("n1");
        read();
        reader.cut();
        send("n2");
        exchange.respond(200, RESPONSE);
        back(kept.get(0), 3);
        TestReader again = new TestReader();
        again.read(back(kept.get(0), 1));
        assertThat(again.events.stream().filter(event -> event.startsWith("id:")))
                .extracting(event -> event.substring(0, 6))
                .containsExactly("id:3-2", "id:3-3");
    }

    @Test
    void clientWithoutAStreamIsGoneAtOnce() {
        exchange.identify("3", false, opened -> {});
        exchange.closed();
        assertThat(exchange.lost()).isCompleted();
        assertThat(exchange.gone()).isCompleted();
    }

    @Test
    void exchangeCountsUntilItsConnectionIsDone() {
        OpenExchanges open = new OpenExchanges(4);
        List<HttpExchange> exchanges = Stream.generate(() ->
                        new HttpExchange(new MessageJson(JsonMapper.shared()), delivery::add, memory, open, false))
                .limit(5)
                .toList();
        exchanges.get(0).calledBy("a", Kind.LISTENING);
        exchanges.get(1).calledBy("a", Kind.REQUEST);
        assertThatThrownBy(() -> exchanges.get(2).calledBy("a", Kind.REQUEST))
                .isInstanceOf(OperationRejectedException.class)
                .hasMessage("busy: this caller has as many requests and listening streams open as it may, which is 2");
        exchanges.get(2).calledBy("b", Kind.LISTENING);
        assertThatThrownBy(() -> exchanges.get(3).calledBy("c", Kind.LISTENING))
                .as("some are kept for others")
                .hasMessage("busy: the server has as many requests and listening streams open as it may, which is 3");
        exchanges.get(3).calledBy("c", Kind.REQUEST);
        exchanges.get(4).calledBy("a", Kind.SHORT);
        assertThatThrownBy(() -> exchanges.get(4).calledBy("d", Kind.REQUEST))
                .isInstanceOf(OperationRejectedException.class)
                .hasMessage("busy: the server has as many requests and listening streams open as it may, which is 4");
        exchanges.get(0).respond(200, RESPONSE);
        assertThat(open.size()).isEqualTo(4);
        exchanges.get(0).written();
        exchanges.get(0).closed();
        exchanges.get(1).closed();
        exchanges.get(1).closed();
        assertThat(open.size()).isEqualTo(2);
        exchanges.get(4).calledBy("a", Kind.LISTENING);
    }

    @Test
    void streamThatIsKeptNoLongerIsNotContinued() throws IOException {
        List<EventStream> kept = new ArrayList<>();
        exchange.identify("3", false, kept::add);
        send("n1");
        read();
        for (int i = 0; i < EventStream.MAX_KEPT + 1; i++) {
            send("n");
        }
        reader.cut();
        assertThat(back(kept.get(0), 1)).isNull();
        assertThat(back(kept.get(0), 1_000)).as("an event that never was").isNull();
        assertThat(back(kept.get(0), 2)).isNotNull();
    }

    @Test
    void replyForWhichThereIsNoMemoryCountsAsNotGiven() throws IOException {
        Map<String, Object> large = Map.of("text", "x".repeat(150_000));
        HttpExchange unread = new HttpExchange(
                new MessageJson(JsonMapper.shared()), delivery::add, memory, new OpenExchanges(0), false);
        unread.respond(200, JSONRPCResponse.result(1, large));
        exchange.respond(200, JSONRPCResponse.result(2, large));

        Response.Single busy =
                (Response.Single) exchange.response().toCompletableFuture().join();
        assertThat(busy.status()).isEqualTo(503);
        assertThat(new String(busy.body(), StandardCharsets.UTF_8)).contains("retryAfterSeconds", "\"id\":2");
        assertThat(exchange.lost().toCompletableFuture()).isDone();
        exchange.written();
        exchange.closed();
        assertThat(exchange.received()).as("what came is not the reply").isNotCompleted();

        unread.written();
        assertThat(memory.taken()).isZero();
        HttpExchange next = new HttpExchange(
                new MessageJson(JsonMapper.shared()), delivery::add, memory, new OpenExchanges(0), false);
        next.respond(200, JSONRPCResponse.result(3, large));
        assertThat(((Response.Single) next.response().toCompletableFuture().join()).status())
                .isEqualTo(200);
    }

    @Test
    void replyIsCountedBeforeItIsWritten() {
        Map<String, Object> large = Map.of("text", "x".repeat(150_000));
        new HttpExchange(new MessageJson(JsonMapper.shared()), delivery::add, memory, new OpenExchanges(0), false)
                .respond(200, JSONRPCResponse.result(1, large));
        AtomicBoolean written = new AtomicBoolean();
        exchange.respond(200, JSONRPCResponse.result(2, Map.of("text", "x".repeat(150_000), "late", new Object() {
            @JsonValue
            public String value() {
                written.set(true);
                return "";
            }
        })));
        assertThat(written)
                .as("it was written although there is no room for it")
                .isFalse();
    }

    @Test
    void replyWhoseSizeNobodyKnowsIsCountedWhileItIsWritten() {
        Object opaque = new Object() {
            @JsonValue
            public String value() {
                return "x".repeat(150_000);
            }
        };
        new HttpExchange(new MessageJson(JsonMapper.shared()), delivery::add, memory, new OpenExchanges(0), false)
                .respond(200, JSONRPCResponse.result(1, opaque));
        exchange.respond(200, JSONRPCResponse.result(2, opaque));
        assertThat(((Response.Single) exchange.response().toCompletableFuture().join()).status())
                .isEqualTo(503);
    }

    @Test
    void largeNotificationCountsUntilItIsRead() throws IOException {
        exchange.send(new JSONRPCNotification("n", Map.of("text", "x".repeat(150_000))));
        assertThat(memory.taken()).isGreaterThan(150_000);
        read();
        assertThat(reader.events).hasSize(1);
        reader.cut();
        assertThat(memory.taken()).isZero();
    }

    @Test
    void streamEndsWhereThereIsNoRoomForItsNotification() throws IOException {
        JSONRPCNotification large = new JSONRPCNotification("n", Map.of("text", "x".repeat(150_000)));
        HttpExchange unread = new HttpExchange(
                new MessageJson(JsonMapper.shared()), delivery::add, memory, new OpenExchanges(0), false);
        unread.send(large);
        exchange.send(large);
        read();
        assertThat(reader.events).isEmpty();
        assertThat(exchange.ended()).isCompleted();
        assertThat(exchange.lost()).as("those who tell it something let go").isCompleted();
        assertThat(unread.ended().toCompletableFuture()).isNotDone();
        assertThat(unread.lost().toCompletableFuture()).isNotDone();
    }

    @Test
    void clientThatTakesNothingOfAResponseCountsAsGone() {
        exchange.respond(200, RESPONSE);
        for (int i = 0; i < 20; i++) {
            exchange.beat(false, true);
        }
        exchange.taken();
        for (int i = 0; i < 21; i++) {
            exchange.beat(false, true);
        }
        assertThat(exchange.stalled().toCompletableFuture()).isNotDone();
        exchange.beat(false, true);
        assertThat(exchange.stalled()).isCompleted();
    }

    private static JSONRPCResponse reply(Object id, int size) {
        return JSONRPCResponse.result(id, Map.of("text", "x".repeat(size)));
    }

    @Test
    void repliesOfManyRequestsShareAStream() throws IOException {
        exchange.send(reply(1, 10));
        exchange.send(reply(2, 150_000));
        read();
        assertThat(reader.events).hasSize(2);
        assertThat(reader.events.get(1)).contains("\"id\":2", "xxxx");
        assertThat(exchange.ended()).isNotCompleted();
        assertThat(memory.taken()).isZero();
    }

    @Test
    void largeReplyThatIsNotReadTakesTheRoomOfOthers() throws IOException {
        exchange.send(reply(1, 150_000));
        exchange.send(reply(2, 150_000));
        exchange.send(reply(3, 10));
        read();
        assertThat(reader.events).hasSize(3);
        assertThat(reader.events.get(1)).contains("\"id\":2", "busy", "retryAfterSeconds");
        assertThat(reader.events.get(2)).contains("\"id\":3", "\"result\"");
        assertThat(exchange.ended()).isNotCompleted();
    }

    @Test
    void streamEndsOfAClientThatReadsNoneOfManySmallReplies() throws IOException {
        int sent = 0;
        while (!exchange.ended().toCompletableFuture().isDone() && sent < 1_000) {
            exchange.send(reply(sent++, 1_000));
        }
        // 16 KiB for nothing, and half of 400,000 bytes.
        assertThat(sent).isBetween(190, 220);
        assertThat(memory.taken()).isBetween(190_000L, 200_000L);
        read();
        assertThat(memory.taken()).isZero();
    }

    /** Smaller than what counts by itself, and larger as an event. */
    @Test
    void noMessageCountsNowhere() throws IOException {
        int sent = 0;
        while (!exchange.ended().toCompletableFuture().isDone() && sent < 1_000) {
            exchange.send(reply(sent++, ReplyMemory.SMALL - 60));
        }
        assertThat(sent).isLessThan(40);
    }

    @Test
    void overtakenNotificationsAreLeftOutWhereThereIsNoRoom() throws IOException {
        exchange.identify("1", false, stream -> {});
        for (int i = 0; i < 300; i++) {
            exchange.send(new JSONRPCNotification("n", Map.of("text", "x".repeat(1_000))));
        }
        exchange.respond(200, RESPONSE);
        assertThat(memory.taken()).isBetween(190_000L, 200_000L);
        read();
        assertThat(reader.events).hasSizeBetween(190, 220);
        assertThat(reader.events.get(reader.events.size() - 1)).contains("\"result\"");
        assertThat(memory.taken()).isZero();
    }

    @Test
    void clientThatReadsGetsAnyNumberOfReplies() throws IOException {
        exchange.send(reply(0, 10));
        read();
        for (int i = 1; i < 1_000; i++) {
            exchange.send(reply(i, 10_000));
        }
        assertThat(reader.events).hasSize(1_000);
        assertThat(exchange.ended()).isNotCompleted();
    }
}
