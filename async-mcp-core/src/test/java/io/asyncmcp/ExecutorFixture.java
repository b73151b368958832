package io.asyncmcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.doubles.ManualExecutor;
import io.asyncmcp.doubles.ManualTimer;
import io.asyncmcp.doubles.MutableClock;
import io.asyncmcp.engine.LocalOperationEngine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** An executor without a thread or a clock of its own: everything happens when a test says so. */
final class ExecutorFixture implements AutoCloseable {

    static final ExecuteOptions OPTIONS = ExecuteOptions.ofType("report");

    static final ExecuteOptions AT_ONCE = OPTIONS.withTimeout(Duration.ZERO);

    final MutableClock clock = new MutableClock();

    /** What people read; shows the same time until a test sets it. */
    final JumpingClock wall = new JumpingClock(clock);

    final ManualTimer timer = new ManualTimer();

    final ManualExecutor operations = new ManualExecutor();

    final ManualExecutor callbacks = new ManualExecutor();

    final RecordingListener events = new RecordingListener();

    final LocalOperationEngine engine = new LocalOperationEngine(operations);

    final AsyncExecutor executor;

    ExecutorFixture() {
        this(builder -> {});
    }

    ExecutorFixture(Consumer<AsyncExecutorBuilder> customizer) {
        AsyncExecutorBuilder builder = AsyncExecutor.builder()
                .clock(wall)
                .ticker(clock)
                .timer(timer)
                .engine(engine)
                .callbackThreads(callbacks)
                .timeoutThreads(callbacks)
                .listener(events);
        customizer.accept(builder);
        executor = builder.build();
    }

    static ExecutorFixture configured(UnaryOperator<ExecutorConfig> change) {
        return new ExecutorFixture(builder -> builder.config(change.apply(ExecutorConfig.DEFAULTS)));
    }

    static ExecutorFixture limited(int maxRunning, int maxQueued, int maxPerOwner) {
        return configured(config -> config.withLimits(new Limits(maxRunning, maxQueued, maxPerOwner)));
    }

    /** Moves every clock; what becomes due has run when this returns. */
    void advance(Duration by) {
        clock.advance(by);
        timer.advance(by);
        callbacks.runAll();
    }

    CompletableFuture<Operation> start(OperationBody body) {
        return start(body, OPTIONS);
    }

    CompletableFuture<Operation> start(OperationBody body, ExecuteOptions options) {
        return executor.executeAsync(body, options).toCompletableFuture();
    }

    /** Starts a body, runs it up to its first return, and takes its handle. */
    Operation run(OperationBody body) {
        String id = start(body, AT_ONCE).join().requireId();
        operations.runAll();
        callbacks.runAll();
        return state(id);
    }

    /** Starts an operation that goes on until the test ends its work. */
    Running running() {
        return running(AT_ONCE);
    }

    Running running(ExecuteOptions options) {
        CompletableFuture<Object> work = new CompletableFuture<>();
        AtomicReference<OperationContext> context = new AtomicReference<>();
        OperationBody body = inside -> {
            context.set(inside);
            return work;
        };
        String id = start(body, options.withTimeout(Duration.ZERO)).join().requireId();
        operations.runAll();
        assertThat(context).as("the body runs").doesNotHaveNullValue();
        return new Running(id, context.get(), work);
    }

    /** Starts an operation that no thread takes up. */
    String submitted(ExecuteOptions options) {
        return start(context -> "done", options.withTimeout(Duration.ZERO))
                .join()
                .requireId();
    }

    Operation state(String id) {
        return executor.find(id, null);
    }

    OperationStatus status(String id) {
        return state(id).status();
    }

    /** How many waits, lifetimes and questions have a time-out set. */
    int timeouts() {
        return ((OperationExecutor) executor).timeouts().size();
    }

    CompletableFuture<Operation> await(String id, Duration wait) {
        return executor.continueOperationAsync(id, null, wait).toCompletableFuture();
    }

    /** Nothing is left of any operation but what its retention keeps. */
    void assertNothingLeaks() {
        assertThat(executor.statistics())
                .satisfies(now -> assertThat(now.queued()).isZero())
                .satisfies(now -> assertThat(now.working()).isZero())
                .satisfies(now -> assertThat(now.inputRequired()).isZero())
                .satisfies(now -> assertThat(now.abandoned()).isZero())
                .satisfies(now -> assertThat(now.waiting()).isZero());
        assertThat(timeouts()).as("time-outs").isZero();
        assertThat(engine).extracting("watchers").asInstanceOf(MAP).isEmpty();
        assertThat(engine).extracting("runners").asInstanceOf(MAP).isEmpty();
        assertThat(executor).extracting("tasks").asInstanceOf(MAP).isEmpty();
        assertThat(executor).extracting("flights").asInstanceOf(MAP).isEmpty();
        assertThat(executor).extracting("admission.byOwner").asInstanceOf(MAP).isEmpty();
        assertThat(executor).extracting("admission.byType").asInstanceOf(MAP).isEmpty();
        assertThat(executor).extracting("admission.shares").asInstanceOf(MAP).isEmpty();
        assertThat(executor).extracting("admission.running").isEqualTo(0);
        assertThat(executor).extracting("admission.parked").isEqualTo(0);
        assertThat(executor).extracting("admission.weight").isEqualTo(0L);
    }

    @Override
    public void close() {
        executor.close();
    }

    record Running(String id, OperationContext context, CompletableFuture<Object> work) {}
}
