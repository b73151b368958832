package io.asyncmcp.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationBody;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
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
