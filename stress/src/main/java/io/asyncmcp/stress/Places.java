package io.asyncmcp.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncmcp.InputResponse;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationBody;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
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

/** There are never more operations than places, and no place is ever lost. */
public final class Places {

    private static final OperationBody NEXT = context -> "next";

    private Places() {}

    /** Proves that the one place is free: somebody gets it, and his body runs. */
    private static String another(Arena arena) {
        return Arena.describe(arena.call(context -> "another", Arena.OPTIONS)) + arena.left();
    }

    @JCStressTest
    @Description("Two start at once where one may run and none may wait.")
    @Outcome(
            id = {"admitted, refused, 1, COMPLETED another", "refused, admitted, 1, COMPLETED another"},
            expect = ACCEPTABLE,
            desc = "One got the place and gave it back.")
    @Outcome(expect = FORBIDDEN, desc = "Both got it, neither, or it was lost.")
    @State
    public static class TwoForOnePlace {

        private final Arena arena = Arena.limited(1, 0, 0);

        private final CompletableFuture<Object> work = new CompletableFuture<>();

        private final AtomicInteger bodies = new AtomicInteger();

        private String start() {
            OperationBody body = context -> {
                bodies.incrementAndGet();
                return work;
            };
            return arena.call(body, Arena.OPTIONS) == null ? "refused" : "admitted";
        }

        @Actor
        public void one(LLLL_Result r) {
            r.r1 = start();
        }

        @Actor
        public void other(LLLL_Result r) {
            r.r2 = start();
        }

        @Arbiter
        public void look(LLLL_Result r) {
            r.r3 = bodies.get();
            work.complete("done");
            r.r4 = another(arena);
        }
    }

    @JCStressTest
    @Description("Two of one owner start at once where an owner may have one.")
    @Outcome(
            id = {"admitted, refused, 1, COMPLETED another", "refused, admitted, 1, COMPLETED another"},
            expect = ACCEPTABLE,
            desc = "One was admitted, and its end counted.")
    @Outcome(expect = FORBIDDEN, desc = "Both were admitted, or neither, or the count was lost.")
    @State
    public static class TwoOfOneOwner {

        private final Arena arena = Arena.limited(9, 9, 1);

        private final CompletableFuture<Object> work = new CompletableFuture<>();

        private final AtomicInteger bodies = new AtomicInteger();

        private String start() {
            OperationBody body = context -> {
                bodies.incrementAndGet();
                return work;
            };
            return arena.call(body, Arena.OPTIONS) == null ? "refused" : "admitted";
        }

        @Actor
        public void one(LLLL_Result r) {
            r.r1 = start();
        }

        @Actor
        public void other(LLLL_Result r) {
            r.r2 = start();
        }

        @Arbiter
        public void look(LLLL_Result r) {
            r.r3 = bodies.get();
            work.complete("done");
            r.r4 = another(arena);
        }
    }

    @JCStressTest
    @Description("The one that runs finishes while the next starts, where none may wait.")
    @Outcome(id = "COMPLETED next, COMPLETED another", expect = ACCEPTABLE, desc = "The place came free in time.")
    @Outcome(id = "refused, COMPLETED another", expect = ACCEPTABLE, desc = "It came free a moment later.")
    @Outcome(expect = FORBIDDEN, desc = "The place was lost.")
    @State
    public static class FinishAndNext {

        private final Arena arena = Arena.limited(1, 0, 0);

        private final Arena.Run run = arena.run();

        private @Nullable CompletableFuture<Operation> next;

        @Actor
        public void finish() {
            run.work().complete("done");
        }

        @Actor
        public void start() {
            next = arena.call(NEXT, Arena.OPTIONS);
        }

        @Arbiter
        public void look(LL_Result r) {
            r.r1 = Arena.describe(next);
            r.r2 = another(arena);
        }
    }

    @JCStressTest
    @Description("The one that runs finishes while the next starts, where one may wait.")
    @Outcome(id = "COMPLETED next, COMPLETED another", expect = ACCEPTABLE, desc = "The next had its turn.")
    @Outcome(expect = FORBIDDEN, desc = "It waits in the queue beside a free place, or the place was lost.")
    @State
    public static class FinishAndQueued {

        private final Arena arena = Arena.limited(1, 1, 0);

        private final Arena.Run run = arena.run();

        private @Nullable CompletableFuture<Operation> next;

        @Actor
        public void finish() {
            run.work().complete("done");
        }

        @Actor
        public void start() {
            next = arena.call(NEXT, Arena.OPTIONS);
        }

        @Arbiter
        public void look(LL_Result r) {
            r.r1 = Arena.describe(next);
            r.r2 = another(arena);
        }
    }

    @JCStressTest
    @Description("One that is queued is cancelled while its turn comes, or while its body returns a stage.")
    @Outcome(id = "true, CANCELLED, never ran, COMPLETED another", expect = ACCEPTABLE, desc = "Its turn never came.")
    @Outcome(id = "true, CANCELLED, stage cancelled, COMPLETED another", expect = ACCEPTABLE, desc = "It did come.")
    @Outcome(expect = FORBIDDEN, desc = "The stage goes on, the end is not told, or the place was lost.")
    @State
    public static class TurnAndCancel {

        private final Arena arena = Arena.limited(1, 1, 0);

        private final Arena.Run run = arena.run();

        private final Arena.Run queued = arena.run();

        @Actor
        public void finish() {
            run.work().complete("done");
        }

        @Actor
        public void cancel(LLLL_Result r) {
            r.r1 = arena.executor.cancel(queued.id(), null);
        }

        @Arbiter
        public void look(LLLL_Result r) {
            boolean heard = arena.stands(queued.id()).equals(Arena.describe(queued.waiter()));
            r.r2 = heard && arena.told().equals("CANCELLED + COMPLETED done")
                    ? arena.stands(queued.id())
                    : "waiter: " + Arena.describe(queued.waiter()) + ", told: " + arena.told();
            String stage = queued.work().isCancelled() ? "stage cancelled" : "stage goes on";
            r.r3 = queued.inside().get() == null ? "never ran" : stage;
            r.r4 = another(arena);
        }
    }

    @JCStressTest
    @Description("The one that runs asks while the next starts, where none may wait.")
    @Outcome(
            id = "COMPLETED next, yes, COMPLETED done, COMPLETED another",
            expect = ACCEPTABLE,
            desc = "It got the place.")
    @Outcome(
            id = "refused, yes, COMPLETED done, COMPLETED another",
            expect = ACCEPTABLE,
            desc = "It came a moment early.")
    @Outcome(expect = FORBIDDEN, desc = "The place was lost, or the answer.")
    @State
    public static class AskAndNext {

        private final Arena arena = Arena.limited(1, 0, 0);

        private final Arena.Run run = arena.run();

        private @Nullable CompletionStage<?> stage;

        private @Nullable CompletableFuture<Operation> next;

        @Actor
        public void ask() {
            stage = run.context().requestInput("question", "ask", null);
        }

        @Actor
        public void start() {
            next = arena.call(NEXT, Arena.OPTIONS);
        }

        @Arbiter
        public void look(LLLL_Result r) {
            r.r1 = Arena.describe(next);
            arena.executor.answerInput(run.id(), null, "question", InputResponse.of("yes"));
            r.r2 = Questions.heard(stage);
            run.work().complete("done");
            r.r3 = Arena.describe(run.waiter());
            r.r4 = another(arena);
        }
    }

    /** One has asked and given its place up to another. */
    static class Parked {

        final Arena arena = Arena.limited(1, 0, 0);

        final Arena.Run asking = arena.run();

        final CompletionStage<?> stage = asking.context().requestInput("question", "ask", null);

        final Arena.Run running = arena.run();

        void answer() {
            arena.executor.answerInput(asking.id(), null, "question", InputResponse.of("yes"));
        }
    }

    @JCStressTest
    @Description("One that asked is answered while the one that has its place finishes.")
    @Outcome(
            id = "COMPLETED running, yes, COMPLETED asking, COMPLETED another",
            expect = ACCEPTABLE,
            desc = "It got the place back.")
    @Outcome(expect = FORBIDDEN, desc = "It waits beside a free place, or the place was lost.")
    @State
    public static class AnswerAndFinish extends Parked {

        @Actor
        public void answered() {
            answer();
        }

        @Actor
        public void finish() {
            running.work().complete("running");
        }

        @Arbiter
        public void look(LLLL_Result r) {
            r.r1 = Arena.describe(running.waiter());
            r.r2 = Questions.heard(stage);
            asking.work().complete("asking");
            r.r3 = Arena.describe(asking.waiter());
            r.r4 = another(arena);
        }
    }

    @JCStressTest
    @Description("One that asked is answered while it is cancelled, and there is no place for it.")
    @Outcome(
            id = {
                "yes, CANCELLED, COMPLETED running, COMPLETED another",
                "cancelled, CANCELLED, COMPLETED running, COMPLETED another"
            },
            expect = ACCEPTABLE,
            desc = "Its body heard of the one or the other, and needed no place for that.")
    @Outcome(expect = FORBIDDEN, desc = "The body of one that has ended waits for a place, or a place was lost.")
    @State
    public static class AnswerAndCancel extends Parked {

        @Actor
        public void answered() {
            answer();
        }

        @Actor
        public void cancel() {
            arena.executor.cancel(asking.id(), null);
        }

        @Arbiter
        public void look(LLLL_Result r) {
            r.r1 = Questions.heard(stage);
            r.r2 = Arena.describe(asking.waiter());
            running.work().complete("running");
            r.r3 = Arena.describe(running.waiter());
            r.r4 = another(arena);
        }
    }

    @JCStressTest
    @Description("A stage of foreign make tells of its end on two threads at once.")
    @Outcome(
            id = {"COMPLETED one, admitted, refused", "COMPLETED other, admitted, refused"},
            expect = ACCEPTABLE,
            desc = "It ended once, and gave one place back.")
    @Outcome(expect = FORBIDDEN, desc = "It ended twice, or there are more places than before, or fewer.")
    @State
    public static class EndAndEnd {

        private final Arena arena = Arena.limited(1, 0, 0);

        private final Talkative stage = new Talkative();

        private final CompletableFuture<Operation> call =
                Objects.requireNonNull(arena.call(context -> stage, Arena.OPTIONS));

        @Actor
        public void one() {
            stage.tell("one");
        }

        @Actor
        public void other() {
            stage.tell("other");
        }

        @Arbiter
        public void look(LLL_Result r) {
            r.r1 = arena.verdict(call);
            r.r2 = start();
            r.r3 = start();
        }

        private String start() {
            return arena.call(context -> new CompletableFuture<>(), Arena.OPTIONS) == null ? "refused" : "admitted";
        }
    }

    private static final class Talkative extends CompletableFuture<Object> {

        private final List<BiConsumer<? super Object, ? super @Nullable Throwable>> listeners =
                new CopyOnWriteArrayList<>();

        @Override
        public CompletableFuture<Object> whenComplete(BiConsumer<? super Object, ? super @Nullable Throwable> action) {
            listeners.add(action);
            return this;
        }

        void tell(Object value) {
            listeners.forEach(each -> each.accept(value, null));
        }
    }

    @JCStressTest
    @Description("Two start at once where one may run and one may wait, and there is no thread to be had.")
    @Outcome(
            id = "FAILED NOT_STARTED, FAILED NOT_STARTED, ",
            expect = ACCEPTABLE,
            desc = "Both fail, and nothing is left of either.")
    @Outcome(expect = FORBIDDEN, desc = "One is not told, or is thought to run for ever.")
    @State
    public static class TwoAndNoThread {

        private final Arena arena = Arena.limited(1, 1, 0);

        private @Nullable CompletableFuture<Operation> one;

        private @Nullable CompletableFuture<Operation> other;

        public TwoAndNoThread() {
            arena.operationThreads.shutdown();
        }

        @Actor
        public void one() {
            one = arena.call(context -> "never", Arena.OPTIONS);
        }

        @Actor
        public void other() {
            other = arena.call(context -> "never", Arena.OPTIONS);
        }

        @Arbiter
        public void look(LLL_Result r) {
            r.r1 = Arena.describe(one);
            r.r2 = Arena.describe(other);
            r.r3 = arena.left();
        }
    }
}
