package io.asyncmcp.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.server.http.EventStream;
import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.http.HttpExchange.Response;
import io.asyncmcp.server.http.MessageJson;
import io.asyncmcp.server.http.OpenExchanges;
import io.asyncmcp.server.http.ReplyMemory;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class HttpSessionsTests {

    private final AtomicLong now = new AtomicLong();

    private final ResumableStreams resumable = new ResumableStreams(now::get);

    private int ids;

    private HttpSessions sessions(int max) {
        return new HttpSessions(new HttpSessions.Limits(Duration.ofMinutes(30), max, Math.max(1, max / 2)), now::get);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private HttpSession session(String caller) {
        return new HttpSession(
                new McpStreamableServerSession(
                        "s" + ids++,
                        ClientCapabilities.builder().build(),
                        Implementation.builder("test", "1").build(),
                        Duration.ofSeconds(1),
                        Map.of(),
                        Map.of()),
                caller,
                resumable);
    }

    private static HttpExchange exchange() {
        return new HttpExchange(
                new MessageJson(JsonMapper.shared()),
                Runnable::run,
                new ReplyMemory(Limits.DEFAULTS),
                new OpenExchanges(0),
                false);
    }

    private HttpExchange begin(HttpSession session) {
        HttpExchange exchange = exchange();
        session.begins(exchange, false);
        return exchange;
    }

    /** An exchange of the session that has sent something, and whose connection is lost. */
    private void cutStream(HttpSession session) throws IOException {
        HttpExchange exchange = begin(session);
        exchange.send(new JSONRPCNotification("n", null));
        exchange.closed();
    }

    private static List<HttpSession> expire(HttpSessions sessions) {
        return sessions.idle().stream().filter(sessions::expire).toList();
    }

    @Test
    void sessionThatIsUsedMeanwhileDoesNotExpire() {
        HttpSessions sessions = sessions(10);
        HttpSession used = session("a");
        HttpSession gone = session("a");
        List.of(used, gone).forEach(sessions::add);
        pass(Duration.ofMinutes(30));
        assertThat(sessions.idle()).containsExactlyInAnyOrder(used, gone);
        sessions.get(used.id());
        sessions.remove(gone);
        assertThat(sessions.expire(used)).isFalse();
        assertThat(sessions.expire(gone)).isFalse();
        assertThat(sessions.get(used.id())).isSameAs(used);
    }

    @Test
    void idleSessionsExpire() {
        HttpSessions sessions = sessions(10);
        HttpSession idle = session("a");
        HttpSession used = session("a");
        HttpSession busy = session("a");
        List.of(idle, used, busy).forEach(sessions::add);
        HttpExchange exchange = begin(busy);
        pass(Duration.ofMinutes(29));
        assertThat(sessions.get(used.id())).isSameAs(used);
        assertThat(expire(sessions)).isEmpty();
        pass(Duration.ofMinutes(1));
        assertThat(expire(sessions)).containsExactly(idle);
        assertThat(sessions.get(idle.id())).isNull();

        exchange.closed();
        pass(Duration.ofMinutes(30));
        assertThat(expire(sessions)).containsExactlyInAnyOrder(used, busy);
        assertThat(sessions.size()).isZero();
    }

    @Test
    void sessionIsIdleFromTheEndOfItsLastRequest() {
        HttpSessions sessions = sessions(4);
        HttpSession busy = session("a");
        HttpSession idle = session("a");
        sessions.add(busy);
        HttpExchange exchange = begin(busy);
        pass(Duration.ofMinutes(40));
        sessions.add(idle);
        pass(Duration.ofMinutes(1));

        exchange.closed();
        assertThat(expire(sessions)).isEmpty();
        assertThat(sessions.nextToGo("a")).isSameAs(idle);
        pass(Duration.ofMinutes(29));
        assertThat(expire(sessions)).containsExactly(idle);
        pass(Duration.ofMinutes(1));
        assertThat(expire(sessions)).containsExactly(busy);
    }

    @Test
    void oneThatHasBeenIdleForLongestGoesForANewOne() {
        HttpSessions sessions = sessions(4);
        HttpSession first = session("a");
        HttpSession second = session("b");
        sessions.add(first);
        sessions.add(second);
        sessions.add(session("c"));
        sessions.add(session("d"));
        pass(Duration.ofSeconds(1));
        sessions.get(first.id());
        assertThat(sessions.add(session("e"))).isFalse();
        assertThat(sessions.nextToGo("e")).isSameAs(second);
        assertThat(sessions.removeIdle(second)).isTrue();
        assertThat(sessions.removeIdle(second)).as("gone").isFalse();
        assertThat(sessions.add(session("e"))).isTrue();
        assertThat(sessions.size()).isEqualTo(4);
    }

    @Test
    void callerHasHalfOfThem() {
        HttpSessions sessions = sessions(4);
        HttpSession others = session("b");
        HttpSession own = session("a");
        sessions.add(others);
        sessions.add(own);
        sessions.add(session("a"));
        assertThat(sessions.add(session("a"))).isFalse();
        assertThat(sessions.nextToGo("a")).isSameAs(own);
        assertThat(sessions.add(session("b"))).as("another caller").isTrue();
        assertThat(sessions.nextToGo("c")).isSameAs(others);
    }

    @Test
    void sessionInWhichSomethingGoesOnStays() {
        HttpSessions sessions = sessions(2);
        HttpSession busy = session("a");
        sessions.add(busy);
        HttpExchange exchange = begin(busy);
        assertThat(sessions.add(session("a"))).as("no place").isFalse();
        assertThat(sessions.nextToGo("a")).isNull();
        assertThat(sessions.removeIdle(busy)).isFalse();
        exchange.closed();
        assertThat(sessions.nextToGo("a")).isSameAs(busy);
    }

    @Test
    void anyNumberOfSessions() {
        HttpSessions sessions = new HttpSessions(new HttpSessions.Limits(Duration.ZERO, 0, 1), now::get);
        for (int i = 0; i < 100; i++) {
            assertThat(sessions.add(session("a"))).isTrue();
        }
        pass(Duration.ofDays(1));
        assertThat(expire(sessions)).isEmpty();
        assertThat(sessions.size()).isEqualTo(100);
    }

    @Test
    void cutStreamIsKeptForAMinute() throws IOException {
        HttpSession session = session("a");
        cutStream(session);
        assertThat(session.stream("1")).isNotNull();
        pass(Duration.ofSeconds(59));
        resumable.expire();
        assertThat(session.stream("1")).isNotNull();
        pass(Duration.ofSeconds(1));
        resumable.expire();
        assertThat(session.stream("1")).isNull();
        assertThat(resumable.cut()).isZero();
    }

    @Test
    void nothingIsKeptOfSessionThatHasEnded() throws IOException {
        HttpSession others = session("a");
        cutStream(others);
        HttpSession session = session("a");
        HttpExchange cutBefore = begin(session);
        HttpExchange cutAfter = begin(session);
        cutBefore.send(new JSONRPCNotification("n", null));
        cutAfter.send(new JSONRPCNotification("n", null));
        cutBefore.closed();

        session.close();
        assertThat(resumable.cut()).isEqualTo(1);
        assertThat(session.stream("1")).isNull();
        cutAfter.closed();
        assertThat(resumable.cut()).isEqualTo(1);
        assertThat(session.stream("2")).isNull();
        assertThat(others.stream("1")).isNotNull();
    }

    @Test
    void streamsOnWhichTheClientListensEndWithTheSession() {
        HttpSession session = session("a");
        List<HttpExchange> listening = List.of(exchange(), exchange());
        listening.forEach(exchange -> session.begins(exchange, true));
        HttpExchange called = begin(session);
        session.close();
        assertThat(listening).allMatch(HttpSessionsTests::hasEnded);
        assertThat(hasEnded(called)).as("it has its reply yet to come").isFalse();
        HttpExchange late = exchange();
        session.begins(late, true);
        assertThat(hasEnded(late)).isTrue();
    }

    private static boolean hasEnded(HttpExchange exchange) {
        return exchange.ended().toCompletableFuture().isDone();
    }

    @Test
    void streamWhoseClientHasComeBackIsKeptForAMinuteWhenItIsCutAgain() throws IOException {
        HttpSession session = session("a");
        cutStream(session);
        pass(Duration.ofSeconds(50));
        HttpExchange resumed = begin(session);
        assertThat(session.resumes(resumed, new EventId("1", 0))).isTrue();
        assertThat(resumable.cut()).isZero();
        pass(Duration.ofSeconds(1));
        resumed.closed();
        pass(Duration.ofSeconds(59));
        resumable.expire();
        assertThat(session.stream("1")).isNotNull();
        pass(Duration.ofSeconds(1));
        resumable.expire();
        assertThat(session.stream("1")).isNull();
    }

    /** On WebMVC each begins to read when its request's thread leaves. */
    @RepeatedTest(300)
    void ofConnectionsThatComeBackTogetherOneHasTheStream(RepetitionInfo repetition) throws Exception {
        HttpSession session = session("a");
        HttpExchange exchange = begin(session);
        exchange.send(new JSONRPCNotification("n", null));
        List<HttpExchange> back = List.of(begin(session), begin(session), begin(session));
        CyclicBarrier together = new CyclicBarrier(back.size());
        List<Thread> threads = back.stream()
                .map(resumed -> new Thread(() -> {
                    try {
                        together.await();
                    } catch (InterruptedException | BrokenBarrierException e) {
                        throw new IllegalStateException(e);
                    }
                    session.resumes(resumed, new EventId("1", 0));
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        List<HttpExchange> inSomeOrder = new ArrayList<>(back);
        Collections.rotate(inSomeOrder, repetition.getCurrentRepetition());
        List<HttpExchange> reading =
                inSomeOrder.stream().filter(resumed -> !read(resumed).isOver()).toList();
        assertThat(reading).hasSize(1);
        assertThat(back).filteredOn(resumed -> !hasEnded(resumed)).isEqualTo(reading);
        assertThat(resumable.cut()).isZero();
        reading.get(0).closed();
        assertThat(resumable.cut()).isEqualTo(1);
    }

    private static EventStream.Cursor read(HttpExchange exchange) {
        return ((Response.Stream) exchange.response().toCompletableFuture().join()).read(new EventStream.Reader() {
            @Override
            public void available() {}

            @Override
            public void cut() {}
        });
    }

    @Test
    void streamThatIsWrittenIsNotKept() throws IOException {
        HttpSession session = session("a");
        HttpExchange exchange = begin(session);
        exchange.send(new JSONRPCNotification("n", null));
        exchange.written();
        exchange.closed();
        assertThat(session.stream("1")).isNull();
        assertThat(resumable.cut()).isZero();
    }

    /** An exchange of the session whose response is in the network's hands. */
    private void writeStream(HttpSession session) throws IOException {
        HttpExchange exchange = begin(session);
        exchange.send(new JSONRPCNotification("n", null));
        exchange.respond(200, JSONRPCResponse.result(1, Map.of("text", "done")));
        readAll(exchange);
    }

    private static String readAll(HttpExchange exchange) {
        EventStream.Cursor cursor = read(exchange);
        StringBuilder all = new StringBuilder();
        for (byte[] event = cursor.take(); event != null; event = cursor.take()) {
            all.append(new String(event, StandardCharsets.UTF_8));
        }
        cursor.close(true);
        return all.toString();
    }

    @Test
    void responseThatWasLostOnItsWayIsThereForAMinute() throws IOException {
        HttpSession session = session("a");
        writeStream(session);
        for (int times = 0; times < 2; times++) {
            pass(Duration.ofSeconds(59));
            resumable.expire();
            HttpExchange resumed = begin(session);
            assertThat(session.resumes(resumed, new EventId("1", 1))).isTrue();
            assertThat(resumable.written()).isZero();
            assertThat(readAll(resumed)).contains("id:1-2", "done").doesNotContain("id:1-1");
            resumed.closed();
            assertThat(resumable.written()).isEqualTo(1);
        }
        pass(Duration.ofMinutes(1));
        resumable.expire();
        assertThat(session.resumes(begin(session), new EventId("1", 1))).isFalse();
        assertThat(session.stream("1")).isNull();
    }

    @Test
    void clientThatHasReadTheResponseDoesNotComeBackForIt() throws IOException {
        HttpSession session = session("a");
        writeStream(session);
        assertThat(session.resumes(begin(session), new EventId("1", 2))).isFalse();
        assertThat(resumable.written()).isEqualTo(1);
    }

    @Test
    void responseThatWasLostOnItsWayGoesWithItsSession() throws IOException {
        HttpSession session = session("a");
        writeStream(session);
        session.close();
        assertThat(session.stream("1")).isNull();
        assertThat(resumable.written()).isZero();
    }

    @Test
    void responsesThatWereWrittenTakeNothingFromStreamsThatWereCut() throws IOException {
        HttpSession session = session("a");
        cutStream(session);
        for (int i = 0; i < 2 * ResumableStreams.MAX; i++) {
            writeStream(session);
        }
        assertThat(session.stream("1")).isNotNull();
        assertThat(resumable.cut()).isEqualTo(1);
        assertThat(resumable.written()).isEqualTo(ResumableStreams.MAX_OF_ONE);
    }

    @Test
    void callerHasHalfOfTheStreamsThatWereCut() throws IOException {
        HttpSession others = session("b");
        cutStream(others);
        HttpSession session = session("a");
        for (int i = 0; i < ResumableStreams.MAX; i++) {
            cutStream(session);
        }
        assertThat(resumable.cut()).isEqualTo(ResumableStreams.MAX_OF_ONE + 1);
        assertThat(others.stream("1")).isNotNull();
        assertThat(session.stream("1")).isNull();
        assertThat(session.stream(String.valueOf(ResumableStreams.MAX))).isNotNull();
    }

    @Test
    void callerWhoHasMostMakesRoom() throws IOException {
        HttpSession victim = session("victim");
        cutStream(victim);
        for (String attacker : List.of("a", "b", "c")) {
            HttpSession session = session(attacker);
            for (int i = 0; i < ResumableStreams.MAX_OF_ONE; i++) {
                cutStream(session);
            }
        }
        assertThat(resumable.cut()).isEqualTo(ResumableStreams.MAX);
        assertThat(victim.stream("1")).isNotNull();
    }
}
