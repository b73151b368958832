package io.asyncmcp.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncmcp.Operation;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Whoever waits for an operation gets a true answer, whatever comes in between. */
public final class Waits {

    private Waits() {}

    @JCStressTest
    @Description("The body finishes while the call's time runs out; later the retention is over.")
    @Outcome(id = "COMPLETED done, COMPLETED done, 0", expect = ACCEPTABLE, desc = "Answered in time.")
    @Outcome(id = "WORKING, COMPLETED done, 0", expect = ACCEPTABLE, desc = "Got a handle, which leads to the result.")
    @Outcome(expect = FORBIDDEN, desc = "No answer, a handle that leads nowhere, or a result that is kept for ever.")
    @State
    public static class FinishAndTimeOut {

        private final Arena arena = new Arena();

        private final CompletableFuture<Object> work = new CompletableFuture<>();

        private final CompletableFuture<Operation> call =
                Objects.requireNonNull(arena.call(context -> work, Arena.OPTIONS.withTimeout(Duration.ofSeconds(30))));

        @Actor
        public void finish() {
            work.complete("done");
        }

        @Actor
        public void runOut() {
            arena.timer.advance(Duration.ofSeconds(31));
        }

        @Arbiter
        public void look(LLL_Result r) {
            r.r1 = Arena.describe(call) + arena.left();
            Operation answer = call.getNow(null);
            r.r2 = answer == null || answer.status().isTerminal() ? arena.told() : arena.stands(answer.requireId());
            arena.timer.advance(Arena.RETENTION.plusSeconds(1));
            arena.executor.cleanup();
            r.r3 = arena.executor.statistics().retained();
        }
    }

    @JCStressTest
    @Description("Somebody begins to wait while the body finishes.")
    @Outcome(id = "COMPLETED done, COMPLETED done", expect = ACCEPTABLE, desc = "Both who wait hear of the end.")
    @Outcome(expect = FORBIDDEN, desc = "Somebody waits for ever.")
    @State
    public static class FinishAndWaiter {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run();

        private @Nullable CompletableFuture<Operation> late;

        @Actor
        public void finish() {
            run.work().complete("done");
        }

        @Actor
        public void begin() {
            late = arena.executor
                    .continueOperationAsync(run.id(), null, Arena.LONG)
                    .toCompletableFuture();
        }

        @Arbiter
        public void look(LL_Result r) {
            r.r1 = Arena.describe(late);
            r.r2 = arena.verdict(run);
        }
    }

    @JCStressTest
    @Description("One who waits goes away while another comes, and then the body finishes.")
    @Outcome(id = "COMPLETED done, COMPLETED done", expect = ACCEPTABLE, desc = "Those who stay hear of the end.")
    @Outcome(expect = FORBIDDEN, desc = "Somebody waits for ever, or something is left of who went away.")
    @State
    public static class WaiterAndDeparture {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run();

        private final CompletableFuture<Operation> leaving = arena.executor
                .continueOperationAsync(run.id(), null, Arena.LONG)
                .toCompletableFuture();

        private @Nullable CompletableFuture<Operation> coming;

        @Actor
        public void leave() {
            leaving.cancel(false);
        }

        @Actor
        public void come() {
            coming = arena.executor
                    .continueOperationAsync(run.id(), null, Arena.LONG)
                    .toCompletableFuture();
        }

        @Arbiter
        public void look(LL_Result r) {
            run.work().complete("done");
            r.r1 = Arena.describe(coming);
            r.r2 = arena.verdict(run);
        }
    }

    @JCStressTest
    @Description("A body registers a callback while its operation is cancelled.")
    @Outcome(id = "1, CANCELLED", expect = ACCEPTABLE, desc = "The callback ran once.")
    @Outcome(expect = FORBIDDEN, desc = "The callback was lost, or ran twice.")
    @State
    public static class CallbackAndCancel {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run();

        private final AtomicInteger calls = new AtomicInteger();

        @Actor
        public void register() {
            run.context().onCancel(calls::incrementAndGet);
        }

        @Actor
        public void cancel() {
            arena.executor.cancel(run.id(), null);
        }

        @Arbiter
        public void look(LL_Result r) {
            r.r1 = calls.get();
            r.r2 = arena.verdict(run);
        }
    }
}
