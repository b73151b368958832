package io.asyncmcp;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Verbs that come at once do what they would do one after the other, in some order.
 *
 * <p>Lincheck runs scenarios of a few verbs on several threads and looks for an order in which {@link Model} gives the same
 * answers. Its threads run as they like. Its model checker cannot be used here: it gives objects another identity hash
 * while it watches, and the executor knows its operations by identity.
 */
class OperationModelTests {

    @Test
    void verbsAtOnceAreAsGoodAsOneAfterTheOther() {
        new StressOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(2)
                .iterations(20)
                .invocationsPerIteration(200)
                .sequentialSpecification(Model.class)
                .check(Verbs.class);
    }

    /** What a caller sees of an operation. */
    private static String seen(Operation operation) {
        OperationStatus status = operation.status();
        return status.isTerminal() ? status.toString() : status + " " + questions(operation);
    }

    private static String questions(Operation operation) {
        List<InputRequest> pending = operation.pendingInputs();
        return pending.isEmpty() ? "" : pending.get(0).delivered() ? "claimed" : "open";
    }

    /** The executor, with two operations under way that each have a question open. */
    @Param(name = "which", gen = IntGen.class, conf = "0:1")
    public static class Verbs {

        private static final ExecuteOptions[] OPTIONS = {
            ExecuteOptions.ofType("one").withSingleFlightKey("key").withTimeout(Duration.ZERO),
            ExecuteOptions.ofType("two").withSingleFlightKey("key").withTimeout(Duration.ZERO)
        };

        private final ExecutorFixture fixture = new ExecutorFixture();

        private final List<ExecutorFixture.Running> runs;

        private final Queue<CompletableFuture<Operation>> waiters = new ConcurrentLinkedQueue<>();

        public Verbs() {
            fixture.operations.direct();
            fixture.callbacks.direct();
            runs = Stream.of(OPTIONS).map(this::asking).toList();
        }

        private ExecutorFixture.Running asking(ExecuteOptions options) {
            CompletableFuture<Object> work = new CompletableFuture<>();
            OperationContext[] inside = new OperationContext[1];
            OperationBody body = context -> {
                inside[0] = context;
                context.requestInput("question", "ask", null);
                return work;
            };
            String id = fixture.executor.submit(body, options).requireId();
            return new ExecutorFixture.Running(id, inside[0], work);
        }

        private String id(int which) {
            return runs.get(which).id();
        }

        /** Bodies end once; so this verb is never run beside itself. */
        @org.jetbrains.lincheck.datastructures.Operation(params = "which", nonParallelGroup = "bodies")
        public void finish(int which) {
            runs.get(which).work().complete("done");
        }

        @org.jetbrains.lincheck.datastructures.Operation(params = "which")
        public boolean cancel(int which) {
            return fixture.executor.cancel(id(which), null);
        }

        @org.jetbrains.lincheck.datastructures.Operation(params = "which")
        public String find(int which) {
            return seen(fixture.state(id(which)));
        }

        @org.jetbrains.lincheck.datastructures.Operation(params = "which")
        public String comeBack(int which) {
            return seen(fixture.await(id(which), Duration.ZERO).join());
        }

        @org.jetbrains.lincheck.datastructures.Operation(params = "which")
        public boolean isListedAsEnded(int which) {
            OperationQuery ended = OperationQuery.ALL
                    .withType(OPTIONS[which].type())
                    .withStatuses(EnumSet.of(OperationStatus.COMPLETED, OperationStatus.CANCELLED));
            return fixture.executor.operations(ended).stream()
                    .anyMatch(each -> id(which).equals(each.id()));
        }

        @org.jetbrains.lincheck.datastructures.Operation(params = "which")
        public void await(int which) {
            waiters.add(fixture.await(id(which), Duration.ofSeconds(50)));
        }

        @org.jetbrains.lincheck.datastructures.Operation(params = "which")
        public boolean answer(int which) {
            return fixture.executor.answerInput(id(which), null, "question", InputResponse.of("yes"));
        }

        @org.jetbrains.lincheck.datastructures.Operation(params = "which")
        public boolean claim(int which) {
            return fixture.executor.claimInput(id(which), null, "question");
        }

        @org.jetbrains.lincheck.datastructures.Operation(params = "which")
        public boolean giveBack(int which) {
            return fixture.executor.releaseInput(id(which), null, "question");
        }

        /** Whether an equal call joins. One that does not runs at once. */
        @org.jetbrains.lincheck.datastructures.Operation(params = "which")
        public boolean joins(int which) {
            Operation answer = fixture.start(context -> "fresh", OPTIONS[which]).join();
            return !"fresh".equals(answer.result())
                    && (answer.id() == null || answer.id().equals(id(which)));
        }

        /** Who waits hears of the end, each end is told, and nothing is left. */
        @Validate
        public void end() {
            runs.forEach(run -> fixture.executor.cancel(run.id(), null));
            require(waiters.stream().allMatch(CompletableFuture::isDone), "somebody waits for what has ended");
            require(fixture.events.ended.size() == fixture.events.started.size(), "not every end was told once");
            require(fixture.timeouts() == 0, "a time-out is left");
            ExecutorStatistics now = fixture.executor.statistics();
            require(
                    now.working() + now.inputRequired() + now.queued() + now.abandoned() + now.waiting() == 0,
                    "something is left: " + now);
        }

        /** Plainly, because Lincheck looks into everything that is called here. */
        private static void require(boolean condition, String otherwise) {
            if (!condition) {
                throw new IllegalStateException(otherwise);
            }
        }
    }

    /** The same, as simple as it can be. */
    @SuppressWarnings("unused")
    public static class Model {

        private final OperationStatus[] status = {OperationStatus.INPUT_REQUIRED, OperationStatus.INPUT_REQUIRED};

        private final String[] question = {"open", "open"};

        private boolean ended(int which) {
            return status[which].isTerminal();
        }

        private boolean pending(int which) {
            return status[which] == OperationStatus.INPUT_REQUIRED;
        }

        private boolean end(int which, OperationStatus end) {
            if (ended(which)) {
                return false;
            }
            status[which] = end;
            question[which] = "";
            return true;
        }

        public void finish(int which) {
            end(which, OperationStatus.COMPLETED);
        }

        public boolean cancel(int which) {
            return end(which, OperationStatus.CANCELLED);
        }

        public String find(int which) {
            return ended(which) ? status[which].toString() : status[which] + " " + question[which];
        }

        public String comeBack(int which) {
            return find(which);
        }

        public boolean isListedAsEnded(int which) {
            return ended(which);
        }

        public void await(int which) {}

        public boolean answer(int which) {
            if (!pending(which)) {
                return false;
            }
            status[which] = OperationStatus.WORKING;
            question[which] = "";
            return true;
        }

        public boolean claim(int which) {
            return becomes(which, "open", "claimed");
        }

        public boolean giveBack(int which) {
            return becomes(which, "claimed", "open");
        }

        private boolean becomes(int which, String from, String to) {
            boolean changes = pending(which) && question[which].equals(from);
            if (changes) {
                question[which] = to;
            }
            return changes;
        }

        public boolean joins(int which) {
            return !ended(which);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Model model
                    && Arrays.equals(status, model.status)
                    && Arrays.equals(question, model.question);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(status) * 31 + Arrays.hashCode(question);
        }
    }
}
