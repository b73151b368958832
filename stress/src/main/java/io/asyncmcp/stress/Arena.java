package io.asyncmcp.stress;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.ExecutorStatistics;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationBody;
import io.asyncmcp.OperationContext;
import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationListener;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.OperationRejectedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Where a race is held: an executor without threads or a clock of its own. Each race has a new one. */
final class Arena implements OperationListener {

    /** Longer than any lifetime, so that whoever waits hears of the end. */
    static final Duration LONG = Duration.ofMinutes(30);

    static final Duration RETENTION = ExecutorConfig.DEFAULTS.retentionPeriod();

    static final ExecuteOptions OPTIONS = ExecuteOptions.ofType("race").withTimeout(LONG);

    static final ExecutorConfig CONFIG = ExecutorConfig.DEFAULTS
            .withMaxWait(LONG)
            .withMaxLifetime(Duration.ofMinutes(2))
            .withInputTimeout(Duration.ofMinutes(1));

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    private static final ExecutorStatistics NOTHING_LEFT = new ExecutorStatistics(0, 0, 0, 0, 0, 0);

    final AsyncExecutor executor;

    final HandTimer timer = new HandTimer();

    /** What runs the bodies, and refuses to once it is shut down. */
    final ActorThreads operationThreads = new ActorThreads();

    private final Queue<String> ends = new ConcurrentLinkedQueue<>();

    Arena() {
        this(CONFIG);
    }

    Arena(ExecutorConfig config) {
        ActorThreads actors = new ActorThreads();
        executor = AsyncExecutor.builder()
                .config(config)
                .clock(CLOCK)
                .ticker(timer)
                .timer(timer)
                .operationThreads(operationThreads)
                .callbackThreads(actors)
                .timeoutThreads(actors)
                .listener(this)
                .build();
    }

    static Arena limited(int maxRunning, int maxQueued, int maxPerOwner) {
        return new Arena(CONFIG.withLimits(new ExecutorConfig.Limits(maxRunning, maxQueued, maxPerOwner)));
    }

    @Override
    public void ended(Operation operation) {
        ends.add(describe(operation));
    }

    /** An operation under way, one who waits for it, and what its body would end with. */
    record Run(
            String id,
            CompletableFuture<Object> work,
            CompletableFuture<Operation> waiter,
            AtomicReference<@Nullable OperationContext> inside) {

        OperationContext context() {
            return Objects.requireNonNull(inside.get(), "the body has not begun");
        }
    }

    Run run() {
        return run(OPTIONS);
    }

    /** Starts an operation, whose body is entered if there is a place for it. */
    Run run(ExecuteOptions options) {
        CompletableFuture<Object> work = new CompletableFuture<>();
        AtomicReference<@Nullable OperationContext> inside = new AtomicReference<>();
        OperationBody body = context -> {
            inside.set(context);
            return work;
        };
        String id = executor.submit(body, options).requireId();
        CompletableFuture<Operation> waiter =
                executor.continueOperationAsync(id, null, LONG).toCompletableFuture();
        return new Run(id, work, waiter, inside);
    }

    /** Calls as a client does; {@code null} if it is refused. */
    @Nullable
    CompletableFuture<Operation> call(OperationBody body, ExecuteOptions options) {
        try {
            return executor.executeAsync(body, options).toCompletableFuture();
        } catch (OperationRejectedException e) {
            return null;
        }
    }

    // ---- what came of it ---------------------------------------------------------------------------------------

    /** How an operation ended, if its record, the one who waits and the listener say the same; else who says what. */
    String verdict(Run run) {
        String record = stands(run.id());
        String others = verdict(run.waiter());
        return record.equals(others) ? record : "record: " + record + ", others: " + others;
    }

    /** How the only operation there was ended, if the one who waited and the listener say the same. */
    String verdict(CompletableFuture<Operation> waiter) {
        String heard = describe(waiter);
        String told = told();
        String left = left();
        return told.equals(heard) && left.isEmpty() ? heard : "waiter: " + heard + ", told: " + told + left;
    }

    /** Every end that was told, in order. */
    String told() {
        List<String> all = new ArrayList<>(ends);
        all.sort(null);
        return String.join(" + ", all);
    }

    /** What is not over; nothing if all is well. */
    String left() {
        ExecutorStatistics now = executor.statistics();
        ExecutorStatistics active = new ExecutorStatistics(
                now.queued(), now.working(), now.inputRequired(), now.abandoned(), now.waiting(), 0);
        return active.equals(NOTHING_LEFT) ? "" : ", left: " + active;
    }

    String stands(String id) {
        try {
            return describe(executor.find(id, null));
        } catch (OperationNotFoundException e) {
            return "gone";
        }
    }

    static String describe(@Nullable CompletableFuture<Operation> call) {
        if (call == null) {
            return "refused";
        }
        return call.isDone() ? describe(call.join()) : "still waiting";
    }

    static String describe(Operation operation) {
        OperationFailure failure = operation.failure();
        Object detail = failure == null ? operation.result() : failure.reason();
        return operation.status()
                + (detail == null ? "" : " " + detail)
                + (operation.resultDropped() ? " dropped" : "");
    }
}
