package io.asyncmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationOwner;
import io.asyncmcp.doubles.ManualTimer;
import io.asyncmcp.server.exchange.Terms;
import io.asyncmcp.server.exchange.ToolCall;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EqualCallsTests {

    private static final OperationOwner OWNER = OperationOwner.session("session");

    private static final Duration MOMENT = Duration.ofMillis(300);

    private final ManualTimer timer = new ManualTimer();

    private final EqualCalls calls = new EqualCalls(MOMENT, timer, Runnable::run, () -> 0);

    private static ToolCall call(
            String tool, Map<String, Object> arguments, @Nullable String session, TestRequest stream) {
        return new ToolCall(
                new CallToolRequest(tool, arguments, null),
                McpTransportContext.EMPTY,
                session,
                null,
                null,
                stream,
                Terms.USUAL);
    }

    private static ToolCall call(TestRequest stream) {
        return call("report", Map.of("year", 2026), "session", stream);
    }

    private TestRequest opened() {
        TestRequest first = new TestRequest();
        calls.opened(OWNER, call(first), first.abandoned());
        return first;
    }

    private CompletionStage<?> again() {
        return calls.settled(OWNER, call(new TestRequest()));
    }

    private static boolean isOver(CompletionStage<?> stage) {
        return stage.toCompletableFuture().isDone();
    }

    @Test
    void callThatEqualsNoneGoesOnAtOnce() {
        opened();

        assertThat(isOver(calls.settled(OWNER, call("report", Map.of("year", 2025), "session", new TestRequest()))))
                .isTrue();
        assertThat(isOver(calls.settled(OWNER, call("summary", Map.of("year", 2026), "session", new TestRequest()))))
                .isTrue();
        assertThat(isOver(calls.settled(OWNER, call("report", Map.of("year", 2026), "other", new TestRequest()))))
                .isTrue();
        assertThat(isOver(calls.settled(OWNER, call("report", Map.of("year", 2026), null, new TestRequest()))))
                .isTrue();
        assertThat(isOver(calls.settled(OperationOwner.principal("bob"), call(new TestRequest()))))
                .isTrue();
    }

    @Test
    void equalCallGoesOnWhenTheFirstIsGivenUp() {
        TestRequest first = opened();
        CompletionStage<?> again = again();
        assertThat(isOver(again)).isFalse();

        first.giveUp();
        assertThat(isOver(again)).isTrue();
        assertThat(isOver(again())).as("a later one has nothing to wait for").isTrue();
    }

    @Test
    void equalCallGoesOnWhenTheMomentIsOver() {
        TestRequest first = opened();
        CompletionStage<?> again = again();
        timer.advance(MOMENT.minusMillis(1));
        assertThat(isOver(again)).isFalse();

        timer.advance(Duration.ofMillis(1));
        assertThat(isOver(again)).isTrue();
        first.giveUp();
    }

    @Test
    void equalCallGoesOnWhenTheFirstHasItsReply() {
        TestRequest first = opened();
        CompletionStage<?> again = again();

        first.reply();
        assertThat(isOver(again)).isTrue();
        first.giveUp();
        assertThat(isOver(again())).isTrue();
    }

    @Test
    void callsWhoseToolChangesItsArgumentsAreForgotten() {
        Map<String, Object> arguments = new HashMap<>(Map.of("year", 2026));
        TestRequest first = new TestRequest();
        calls.opened(OWNER, call("report", arguments, "session", first), first.abandoned());
        TestRequest second = opened();
        arguments.put("year", 2025);

        first.reply();
        second.reply();

        assertThat(calls)
                .extracting("groups")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .isEmpty();
    }

    @Test
    void callThatIsGivenUpIsForOneOfThoseThatWait() {
        TestRequest first = opened();
        TestRequest second = opened();
        CompletionStage<?> again = again();
        CompletionStage<?> andAgain = again();

        first.giveUp();
        assertThat(isOver(again)).isTrue();
        assertThat(isOver(andAgain)).isFalse();
        second.giveUp();
        assertThat(isOver(andAgain)).isTrue();
    }

    @Test
    void replyToOneOfThemEndsNoWaitForTheOther() {
        TestRequest first = opened();
        TestRequest second = opened();
        CompletionStage<?> again = again();

        first.reply();
        assertThat(isOver(again)).isFalse();
        second.reply();
        assertThat(isOver(again)).isTrue();
    }

    @Test
    void toolMayChangeItsArguments() {
        Map<String, Object> arguments = new java.util.HashMap<>(Map.of("year", 2026));
        TestRequest first = new TestRequest();
        calls.opened(OWNER, call("report", arguments, "session", first), first.abandoned());
        arguments.put("year", 2027);

        first.giveUp();
        assertThat(isOver(again())).isTrue();
    }

    @Test
    void nobodyIsForgottenWhereTheyCrossEachOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 500; round++) {
                TestRequest first = opened();
                CountDownLatch start = new CountDownLatch(1);
                List<Future<CompletionStage<?>>> retries = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    retries.add(threads.submit(() -> {
                        start.await();
                        return again();
                    }));
                }
                Future<?> end = threads.submit(() -> {
                    start.await();
                    first.giveUp();
                    return null;
                });
                start.countDown();
                end.get();
                for (Future<CompletionStage<?>> retry : retries) {
                    // The timer stands still: only the end of the first can let them go on.
                    assertThat(isOver(retry.get())).isTrue();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
