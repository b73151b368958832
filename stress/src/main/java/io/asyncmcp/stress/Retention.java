package io.asyncmcp.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.ResultMemory;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** What has ended is kept for its retention, and not longer. */
public final class Retention {

    private static final Duration OVER = Arena.RETENTION.plusSeconds(1);

    private static final Duration TTL = Arena.RETENTION.multipliedBy(2);

    private Retention() {}

    @JCStressTest
    @Description("The body finishes while what has expired is cleared away, just before its retention could be over.")
    @Outcome(id = "0, COMPLETED done, 1, gone", expect = ACCEPTABLE, desc = "It stays for its retention and then goes.")
    @Outcome(expect = FORBIDDEN, desc = "It went while it ran, went early, or stays for ever.")
    @State
    public static class FinishAndExpiry {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run(Arena.OPTIONS.withMaxLifetime(Arena.LONG));

        @Actor
        public void finish() {
            run.work().complete("done");
        }

        @Actor
        public void clear(LLLL_Result r) {
            arena.timer.advance(Arena.RETENTION.minusSeconds(1));
            r.r1 = arena.executor.cleanup();
        }

        @Arbiter
        public void look(LLLL_Result r) {
            r.r2 = arena.verdict(run);
            arena.timer.advance(OVER);
            r.r3 = arena.executor.cleanup();
            r.r4 = arena.stands(run.id());
        }
    }

    @JCStressTest
    @Description("The body finishes while its retention would be over at once.")
    @Outcome(
            id = "0, COMPLETED done and COMPLETED done, 1, gone",
            expect = ACCEPTABLE,
            desc = "It ended afterwards: it stays for its time and then goes.")
    @Outcome(
            id = "1, COMPLETED done and gone, 0, gone",
            expect = ACCEPTABLE,
            desc = "It ended before, and its time was over at once.")
    @Outcome(
            id = "0, COMPLETED done and gone, 1, gone",
            expect = ACCEPTABLE,
            desc = "Its time was over at once, and the next clean-up clears it away.")
    @Outcome(expect = FORBIDDEN, desc = "It went twice or never, or its waiter did not hear of its end.")
    @State
    public static class FinishAndOver {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run(Arena.OPTIONS.withMaxLifetime(Arena.LONG));

        @Actor
        public void finish() {
            run.work().complete("done");
        }

        @Actor
        public void clear(LLLL_Result r) {
            arena.timer.advance(OVER);
            r.r1 = arena.executor.cleanup();
        }

        @Arbiter
        public void look(LLLL_Result r) {
            r.r2 = arena.verdict(run.waiter()) + " and " + arena.stands(run.id());
            arena.timer.advance(OVER);
            r.r3 = arena.executor.cleanup();
            r.r4 = arena.executor.statistics().retained() == 0 ? arena.stands(run.id()) : "kept";
        }
    }

    @JCStressTest
    @Description("The body finishes while its ttl, which is longer than the retention, runs out.")
    @Outcome(
            id = "0, COMPLETED done and COMPLETED done, 1, gone",
            expect = ACCEPTABLE,
            desc = "It ended afterwards: it stays for its time and then goes.")
    @Outcome(
            id = "1, COMPLETED done and gone, 0, gone",
            expect = ACCEPTABLE,
            desc = "It ended before, and its time was over at once.")
    @Outcome(
            id = "0, COMPLETED done and gone, 1, gone",
            expect = ACCEPTABLE,
            desc = "Its time was over at once, and the next clean-up clears it away.")
    @Outcome(expect = FORBIDDEN, desc = "It went twice or never, or its waiter did not hear of its end.")
    @State
    public static class FinishAndTtl {

        private final Arena arena = new Arena();

        private final Arena.Run run =
                arena.run(Arena.OPTIONS.withMaxLifetime(Arena.LONG).withTtl(TTL));

        @Actor
        public void finish() {
            run.work().complete("done");
        }

        @Actor
        public void clear(LLLL_Result r) {
            arena.timer.advance(TTL.plusSeconds(1));
            r.r1 = arena.executor.cleanup();
        }

        @Arbiter
        public void look(LLLL_Result r) {
            r.r2 = arena.verdict(run.waiter()) + " and " + arena.stands(run.id());
            arena.timer.advance(TTL.plusSeconds(1));
            r.r3 = arena.executor.cleanup();
            r.r4 = arena.executor.statistics().retained() == 0 ? arena.stands(run.id()) : "kept";
        }
    }

    @JCStressTest
    @Description("Somebody comes back for a result while its retention ends.")
    @Outcome(id = "COMPLETED done, 1, gone", expect = ACCEPTABLE, desc = "Found while it was there.")
    @Outcome(id = "gone, 1, gone", expect = ACCEPTABLE, desc = "Came too late.")
    @Outcome(expect = FORBIDDEN, desc = "A read kept it, it went twice, or half of it was seen.")
    @State
    public static class FetchAndExpiry {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run();

        private int gone;

        public FetchAndExpiry() {
            run.work().complete("done");
        }

        @Actor
        public void fetch(LLL_Result r) {
            try {
                r.r1 = Arena.describe(arena.executor
                        .continueOperationAsync(run.id(), null, Duration.ZERO)
                        .toCompletableFuture());
            } catch (CompletionException e) {
                r.r1 = e.getCause() instanceof OperationNotFoundException ? "gone" : e.toString();
            }
        }

        @Actor
        public void clear() {
            arena.timer.advance(OVER);
            gone = arena.executor.cleanup();
        }

        @Arbiter
        public void look(LLL_Result r) {
            r.r2 = gone;
            r.r3 = arena.stands(run.id());
        }
    }

    @JCStressTest
    @Description("Somebody comes back for a result while a later one needs its room.")
    @Outcome(
            id = {
                "COMPLETED first!, COMPLETED dropped, COMPLETED second, 1",
                "COMPLETED dropped, COMPLETED dropped, COMPLETED second, 1"
            },
            expect = ACCEPTABLE,
            desc = "The older result went, and whoever came late is told.")
    @Outcome(expect = FORBIDDEN, desc = "Both are kept, both went, or the room was counted wrongly.")
    @State
    public static class FetchAndDrop {

        private final Arena arena = new Arena(
                Arena.CONFIG.withLimits(new ExecutorConfig.Limits(9, 9, 0).withMaxRetainedBytes(2 * 1024 + 8)));

        private final Arena.Run first = arena.run();

        private final Arena.Run second = arena.run();

        public FetchAndDrop() {
            first.work().complete("first!");
        }

        @Actor
        public void fetch(LLLL_Result r) {
            r.r1 = Arena.describe(arena.executor
                    .continueOperationAsync(first.id(), null, Duration.ZERO)
                    .toCompletableFuture());
        }

        @Actor
        public void finish() {
            second.work().complete("second");
        }

        @Arbiter
        public void look(LLLL_Result r) {
            r.r2 = arena.stands(first.id());
            r.r3 = arena.stands(second.id());
            ResultMemory memory = arena.executor.resultMemory();
            r.r4 = memory.equals(new ResultMemory("second".length(), 1)) ? "1" : memory.toString();
        }
    }
}
