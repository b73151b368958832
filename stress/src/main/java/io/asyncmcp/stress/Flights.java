package io.asyncmcp.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.Operation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** Equal calls share one run. A call that joins gets the result of what it joined, and else starts its own. */
public final class Flights {

    private static final ExecuteOptions SHARED = Arena.OPTIONS.withSingleFlightKey("key");

    private Flights() {}

    @JCStressTest
    @Description("Two equal calls come at once.")
    @Outcome(id = "COMPLETED done, COMPLETED done, 1, COMPLETED done", expect = ACCEPTABLE, desc = "One run for both.")
    @Outcome(expect = FORBIDDEN, desc = "Two runs, or a call that nobody answers.")
    @State
    public static class EqualCalls {

        private final Arena arena = new Arena();

        private final CompletableFuture<Object> work = new CompletableFuture<>();

        private final AtomicInteger bodies = new AtomicInteger();

        private @Nullable CompletableFuture<Operation> first;

        private @Nullable CompletableFuture<Operation> second;

        private @Nullable CompletableFuture<Operation> call() {
            return arena.call(
                    context -> {
                        bodies.incrementAndGet();
                        return work;
                    },
                    SHARED);
        }

        @Actor
        public void one() {
            first = call();
        }

        @Actor
        public void other() {
            second = call();
        }

        @Arbiter
        public void look(LLLL_Result r) {
            work.complete("done");
            r.r1 = Arena.describe(first);
            r.r2 = Arena.describe(second);
            r.r3 = bodies.get();
            r.r4 = arena.told() + arena.left();
        }
    }

    @JCStressTest
    @Description("An equal call comes while the body finishes.")
    @Outcome(id = "COMPLETED done, 0, COMPLETED done", expect = ACCEPTABLE, desc = "It joined.")
    @Outcome(
            id = "COMPLETED own, 0, COMPLETED done \\+ COMPLETED own",
            expect = ACCEPTABLE,
            desc = "It came after the end and ran afresh.")
    @Outcome(expect = FORBIDDEN, desc = "A lost join, two runs at once, or an end joined that was known before.")
    @State
    public static class FinishAndJoin extends Joining {

        @Actor
        public void finish() {
            run.work().complete("done");
        }

        @Actor
        public void join() {
            call();
        }

        @Arbiter
        public void look(LLL_Result r) {
            tell(r);
        }
    }

    @JCStressTest
    @Description("An equal call comes while the operation is cancelled.")
    @Outcome(id = "CANCELLED, 0, CANCELLED", expect = ACCEPTABLE, desc = "It joined.")
    @Outcome(
            id = "COMPLETED own, 0, CANCELLED \\+ COMPLETED own",
            expect = ACCEPTABLE,
            desc = "It came after the end and ran afresh.")
    @Outcome(expect = FORBIDDEN, desc = "A lost join, two runs at once, or an end joined that was known before.")
    @State
    public static class CancelAndJoin extends Joining {

        @Actor
        public void cancel() {
            arena.executor.cancel(run.id(), null);
        }

        @Actor
        public void join() {
            call();
        }

        @Arbiter
        public void look(LLL_Result r) {
            tell(r);
        }
    }

    /** An operation that can be joined, and a call that may join it. */
    static class Joining {

        final Arena arena = new Arena();

        final Arena.Run run = arena.run(SHARED);

        private final AtomicInteger atOnce = new AtomicInteger();

        private boolean afterTheEnd;

        private @Nullable CompletableFuture<Operation> call;

        private boolean ended() {
            return arena.executor.find(run.id(), null).endedAt() != null;
        }

        void call() {
            afterTheEnd = ended();
            call = arena.call(
                    context -> {
                        if (!ended()) {
                            atOnce.incrementAndGet();
                        }
                        return "own";
                    },
                    SHARED);
        }

        void tell(LLL_Result r) {
            String answer = Arena.describe(call);
            r.r1 = afterTheEnd && !answer.equals("COMPLETED own") ? "joined what had ended" : answer;
            r.r2 = atOnce.get();
            r.r3 = arena.told() + arena.left();
        }
    }
}
