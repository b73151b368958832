package io.asyncmcp.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncmcp.InputResponse;
import io.asyncmcp.InputUnavailableException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A question has one answer, and the body hears of that one. */
public final class Questions {

    private static final String KEY = "question";

    private Questions() {}

    /** A body that has asked. */
    static class Asked {

        final Arena arena = new Arena();

        final Arena.Run run = arena.run();

        final CompletionStage<?> stage = run.context().requestInput(KEY, "ask", null);

        boolean answer(String answer) {
            return arena.executor.answerInput(run.id(), null, KEY, InputResponse.of(answer));
        }

        /** What the body heard, if the record has let go of it. */
        String answered() {
            return arena.executor.find(run.id(), null).inputs().isEmpty() ? heard(stage) : heard(stage) + ", and kept";
        }

        String finish() {
            run.work().complete("done");
            return arena.verdict(run);
        }
    }

    static String heard(@Nullable CompletionStage<?> stage) {
        CompletableFuture<?> future = stage == null ? new CompletableFuture<>() : stage.toCompletableFuture();
        try {
            return future.isDone() ? "" + future.join() : "nothing";
        } catch (CancellationException e) {
            return "cancelled";
        } catch (CompletionException e) {
            return e.getCause() instanceof InputUnavailableException ? "unavailable" : "" + e.getCause();
        }
    }

    @JCStressTest
    @Description("Two answer the same question.")
    @Outcome(id = "true, false, one, COMPLETED done", expect = ACCEPTABLE, desc = "The first was taken.")
    @Outcome(id = "false, true, other, COMPLETED done", expect = ACCEPTABLE, desc = "The second was taken.")
    @Outcome(expect = FORBIDDEN, desc = "Both were taken, or the body heard of another one.")
    @State
    public static class AnswerAndAnswer extends Asked {

        @Actor
        public void one(LLLL_Result r) {
            r.r1 = answer("one");
        }

        @Actor
        public void other(LLLL_Result r) {
            r.r2 = answer("other");
        }

        @Arbiter
        public void look(LLLL_Result r) {
            r.r3 = answered();
            r.r4 = finish();
        }
    }

    @JCStressTest
    @Description("Somebody answers while the time for it runs out.")
    @Outcome(id = "true, yes, COMPLETED done", expect = ACCEPTABLE, desc = "The answer came in time.")
    @Outcome(id = "false, unavailable, COMPLETED done", expect = ACCEPTABLE, desc = "It came too late.")
    @Outcome(expect = FORBIDDEN, desc = "The body heard of something else than what counts.")
    @State
    public static class AnswerAndTimeOut extends Asked {

        @Actor
        public void answer(LLL_Result r) {
            r.r1 = answer("yes");
        }

        @Actor
        public void runOut() {
            arena.timer.advance(Arena.CONFIG.inputTimeout().plusSeconds(1));
        }

        @Arbiter
        public void look(LLL_Result r) {
            r.r2 = answered();
            r.r3 = finish();
        }
    }

    @JCStressTest
    @Description("Somebody answers while somebody cancels.")
    @Outcome(id = "true, true, yes, CANCELLED", expect = ACCEPTABLE, desc = "The body got the answer, then the end.")
    @Outcome(id = "true, true, cancelled, CANCELLED", expect = ACCEPTABLE, desc = "The end overtook the answer.")
    @Outcome(id = "false, true, cancelled, CANCELLED", expect = ACCEPTABLE, desc = "The answer came too late.")
    @Outcome(expect = FORBIDDEN, desc = "An answer without effect was taken, or the body waits for ever.")
    @State
    public static class AnswerAndCancel extends Asked {

        @Actor
        public void answer(LLLL_Result r) {
            r.r1 = answer("yes");
        }

        @Actor
        public void cancel(LLLL_Result r) {
            r.r2 = arena.executor.cancel(run.id(), null);
        }

        @Arbiter
        public void look(LLLL_Result r) {
            r.r3 = answered();
            r.r4 = arena.verdict(run);
        }
    }

    @JCStressTest
    @Description("Two claim the same question in order to ask it.")
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "One of them asks.")
    @Outcome(expect = FORBIDDEN, desc = "It is asked twice, or never.")
    @State
    public static class ClaimAndClaim extends Asked {

        @Actor
        public void one(LL_Result r) {
            r.r1 = arena.executor.claimInput(run.id(), null, KEY);
        }

        @Actor
        public void other(LL_Result r) {
            r.r2 = arena.executor.claimInput(run.id(), null, KEY);
        }
    }

    @JCStressTest
    @Description("A body asks while its operation is cancelled.")
    @Outcome(id = "cancelled, CANCELLED", expect = ACCEPTABLE, desc = "The body hears that nobody will answer.")
    @Outcome(expect = FORBIDDEN, desc = "The body waits for ever, or the question outlives the end.")
    @State
    public static class QuestionAndCancel {

        private final Arena arena = new Arena();

        private final Arena.Run run = arena.run();

        private @Nullable CompletionStage<?> stage;

        @Actor
        public void ask() {
            stage = run.context().requestInput(KEY, "ask", null);
        }

        @Actor
        public void cancel() {
            arena.executor.cancel(run.id(), null);
        }

        @Arbiter
        public void look(LL_Result r) {
            r.r1 = heard(stage);
            r.r2 = arena.verdict(run);
        }
    }
}
