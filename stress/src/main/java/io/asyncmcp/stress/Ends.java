package io.asyncmcp.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncmcp.Operation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** An operation ends once, and everybody hears of the same end. */
public final class Ends {

    private Ends() {}

    @JCStressTest
    @Description("The body finishes while somebody cancels.")
    @Outcome(id = "true, CANCELLED", expect = ACCEPTABLE, desc = "The cancellation won; the result is dropped.")
    @Outcome(id = "false, COMPLETED done", expect = ACCEPTABLE, desc = "The result won, and the canceller knows.")
    @Outcome(expect = FORBIDDEN, desc = "The loser changed something, or somebody heard of another end.")
    @State
    public static class FinishAndCancel {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run();

        @Actor
        public void finish() {
            run.work().complete("done");
        }

        @Actor
        public void cancel(LL_Result r) {
            r.r1 = arena.executor.cancel(run.id(), null);
        }

        @Arbiter
        public void look(LL_Result r) {
            r.r2 = arena.verdict(run);
        }
    }

    @JCStressTest
    @Description("Two cancel the same operation.")
    @Outcome(
            id = {"true, false, CANCELLED", "false, true, CANCELLED"},
            expect = ACCEPTABLE,
            desc = "One of them did it.")
    @Outcome(expect = FORBIDDEN, desc = "Both did, or neither.")
    @State
    public static class CancelAndCancel {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run();

        @Actor
        public void one(LLL_Result r) {
            r.r1 = arena.executor.cancel(run.id(), null);
        }

        @Actor
        public void other(LLL_Result r) {
            r.r2 = arena.executor.cancel(run.id(), null);
        }

        @Arbiter
        public void look(LLL_Result r) {
            r.r3 = arena.verdict(run);
        }
    }

    @JCStressTest
    @Description("The body finishes while its lifetime runs out.")
    @Outcome(id = "FAILED LIFETIME_EXCEEDED", expect = ACCEPTABLE, desc = "The lifetime won.")
    @Outcome(id = "COMPLETED done", expect = ACCEPTABLE, desc = "The result won.")
    @Outcome(expect = FORBIDDEN, desc = "The loser changed something, or somebody heard of another end.")
    @State
    public static class FinishAndLifetime {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run();

        @Actor
        public void finish() {
            run.work().complete("done");
        }

        @Actor
        public void runOut() {
            arena.timer.advance(Arena.CONFIG.maxLifetime().plusSeconds(1));
        }

        @Arbiter
        public void look(L_Result r) {
            r.r1 = arena.verdict(run);
        }
    }

    @JCStressTest
    @Description("Somebody cancels while the lifetime runs out.")
    @Outcome(id = "false, FAILED LIFETIME_EXCEEDED", expect = ACCEPTABLE, desc = "The lifetime won.")
    @Outcome(id = "true, CANCELLED", expect = ACCEPTABLE, desc = "The cancellation won.")
    @Outcome(expect = FORBIDDEN, desc = "The loser changed something, or somebody heard of another end.")
    @State
    public static class CancelAndLifetime {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run();

        @Actor
        public void cancel(LL_Result r) {
            r.r1 = arena.executor.cancel(run.id(), null);
        }

        @Actor
        public void runOut() {
            arena.timer.advance(Arena.CONFIG.maxLifetime().plusSeconds(1));
        }

        @Arbiter
        public void look(LL_Result r) {
            r.r2 = arena.verdict(run);
        }
    }

    @JCStressTest
    @Description("The body finishes while the executor is shut down without grace.")
    @Outcome(id = "1, CANCELLED", expect = ACCEPTABLE, desc = "The shutdown cancelled it, and says so.")
    @Outcome(id = "0, COMPLETED done", expect = ACCEPTABLE, desc = "The result won, and nothing was cancelled.")
    @Outcome(expect = FORBIDDEN, desc = "The number is wrong, or somebody heard of another end.")
    @State
    public static class FinishAndShutdown {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run();

        @Actor
        public void finish() {
            run.work().complete("done");
        }

        @Actor
        public void shutDown(LL_Result r) {
            r.r1 = arena.executor.shutdown(Duration.ZERO).toCompletableFuture().getNow(-1);
        }

        @Arbiter
        public void look(LL_Result r) {
            r.r2 = arena.verdict(run);
        }
    }

    @JCStressTest
    @Description("The last body finishes while a shutdown begins to wait for it.")
    @Outcome(id = "0, COMPLETED done", expect = ACCEPTABLE, desc = "The shutdown heard of the end.")
    @Outcome(expect = FORBIDDEN, desc = "The shutdown missed the end.")
    @State
    public static class FinishAndDrain {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run();

        private final CompletableFuture<Integer> stopped = new CompletableFuture<>();

        @Actor
        public void finish() {
            run.work().complete("done");
        }

        @Actor
        public void shutDown() {
            arena.executor.shutdown(Duration.ofMinutes(1)).thenAccept(stopped::complete);
        }

        @Arbiter
        public void look(LL_Result r) {
            r.r1 = stopped.getNow(-1);
            r.r2 = arena.verdict(run);
        }
    }

    @JCStressTest
    @Description("The body finishes while the executor is closed.")
    @Outcome(id = "CANCELLED, 0", expect = ACCEPTABLE, desc = "Closing cancelled it.")
    @Outcome(id = "COMPLETED done, 0", expect = ACCEPTABLE, desc = "The result won.")
    @Outcome(expect = FORBIDDEN, desc = "Somebody heard of another end, or the closed store keeps it.")
    @State
    public static class FinishAndClose {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run();

        @Actor
        public void finish() {
            run.work().complete("done");
        }

        @Actor
        public void close() {
            arena.executor.close();
        }

        @Arbiter
        public void look(LL_Result r) {
            r.r1 = arena.verdict(run.waiter());
            r.r2 = arena.executor.statistics().retained();
        }
    }

    @JCStressTest
    @Description("An operation is started while the executor is closed.")
    @Outcome(
            id = "CANCELLED",
            expect = ACCEPTABLE,
            desc = "Admitted, and cancelled by the closing or by its own start.")
    @Outcome(id = "refused", expect = ACCEPTABLE, desc = "Refused.")
    @Outcome(expect = FORBIDDEN, desc = "Admitted, and left behind.")
    @State
    public static class StartAndClose {

        private final Arena arena = new Arena();

        private @Nullable CompletableFuture<Operation> call;

        @Actor
        public void start() {
            call = arena.call(context -> new CompletableFuture<>(), Arena.OPTIONS);
        }

        @Actor
        public void close() {
            arena.executor.close();
        }

        @Arbiter
        public void look(L_Result r) {
            CompletableFuture<Operation> admitted = call;
            r.r1 = admitted == null ? "refused" + arena.told() + arena.left() : arena.verdict(admitted);
        }
    }
}
