package io.asyncmcp.server.modern;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationContext;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.doubles.ManualExecutor;
import io.asyncmcp.doubles.ManualTimer;
import io.asyncmcp.doubles.MutableClock;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.CancelOn;
import io.asyncmcp.server.WaitBudgets;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.tool.ClientPatience;
import io.asyncmcp.server.tool.EqualCalls;
import io.asyncmcp.server.tool.OperationCalls;
import io.asyncmcp.server.tool.ResultRules;
import io.asyncmcp.server.tool.ToolFace;
import io.micrometer.context.ContextSnapshotFactory;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import reactor.util.context.Context;

/** The protocol's parts without a thread, a clock or a transport of their own: everything happens when a test says so. */
final class ModernFixture implements AutoCloseable {

    static final OperationOwner ALICE = OperationOwner.principal("alice");

    static final ClientCapabilities NONE = ClientCapabilities.builder().build();

    static final ClientCapabilities ALL = ClientCapabilities.builder()
            .elicitation(true, true)
            .sampling()
            .roots(true)
            .build();

    static final Duration INLINE_WAIT = Duration.ofSeconds(2);

    static final Duration LONGEST = Duration.ofMinutes(11);

    final MutableClock clock = new MutableClock();

    final ManualTimer timer = new ManualTimer();

    final ManualExecutor threads = new ManualExecutor();

    final TestChannel channel = new TestChannel();

    final TestServer server = new TestServer();

    final FailingLookUps lookUps = new FailingLookUps();

    final NamedExecutor operations = engine("operation");

    final NamedExecutor plain = engine("plain");

    final Answers answers = new Answers("continue_operation", "test");

    final ModernTaskView view = new ModernTaskView(
            answers, ExecutorConfig.DEFAULTS.retentionPeriod(), tool -> Duration.ofSeconds(1), clock);

    /** Which tools are asynchronous, by name; the others run beside the operations. */
    Map<String, AsyncToolSettings> settings = Map.of("report", AsyncToolSettings.DEFAULTS);

    final ModernResults outcomes;

    final LongRequests.Services services;

    final LongRequests runs;

    private int nextId = 1;

    ModernFixture() {
        ModernSettings modern = new ModernSettings(
                true,
                INLINE_WAIT,
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                Duration.ofMinutes(10),
                Duration.ofMinutes(1),
                Duration.ZERO,
                ModernSettings.CacheScope.PRIVATE,
                null);
        outcomes = new ModernResults(answers, view, modern, clock);
        services = new LongRequests.Services(
                operations,
                plain,
                new RequestStates(new SecureRandom(), modern.requestStateTtl(), clock),
                modern,
                new ToolFace(),
                tool -> Optional.ofNullable(settings.get(tool)),
                Duration.ofSeconds(15),
                LONGEST,
                timer);
        runs = new LongRequests(services, outcomes);
    }

    private NamedExecutor engine(String name) {
        ExecutorConfig config = ExecutorConfig.DEFAULTS.withMaxWait(LONGEST);
        AsyncExecutor executor = AsyncExecutor.builder()
                .config(config)
                .store(lookUps.store(config.retentionPeriod(), clock))
                .clock(clock)
                .ticker(clock)
                .timer(timer)
                .operationThreads(threads)
                .callbackThreads(threads)
                .timeoutThreads(threads)
                .build();
        OperationCalls.Rules rules = new OperationCalls.Rules(
                (context, sessionId) -> ALICE,
                new ClientPatience(WaitBudgets.DEFAULTS, Duration.ZERO, clock),
                new ResultRules(1 << 20, 1 << 20),
                new EqualCalls(Duration.ofMillis(300), timer, threads, clock),
                CancelOn.NEVER);
        return new NamedExecutor(
                name,
                executor,
                new OperationCalls(executor, config, rules, new Answers("continue_operation", "test"), clock));
    }

    /** Lets everything happen that needs no time. */
    void settle() {
        while (threads.runAll() | channel.delivery.runAll()) {
            // until nothing more happens
        }
    }

    /** Moves every clock, and lets everything happen that is due. */
    void advance(Duration by) {
        settle();
        clock.advance(by);
        timer.advance(by);
        settle();
    }

    ModernRequest request(String method, Map<String, Object> params, ClientCapabilities capabilities, boolean tasks) {
        return request(method, params, capabilities, tasks, channel);
    }

    ModernRequest request(
            String method, Map<String, Object> params, ClientCapabilities capabilities, boolean tasks, TestChannel of) {
        return new ModernRequest(
                nextId++,
                method,
                params,
                new RequestMeta(
                        ModernProtocol.VERSION,
                        capabilities,
                        Implementation.builder("client", "1").build(),
                        null,
                        null,
                        tasks),
                ALICE,
                McpTransportContext.EMPTY,
                of,
                ContextSnapshotFactory.builder().build().captureAll(),
                Context.empty());
    }

    /** Starts an operation that goes on until the test ends its work. */
    Running running(OperationOwner owner) {
        CompletableFuture<Object> work = new CompletableFuture<>();
        AtomicReference<OperationContext> context = new AtomicReference<>();
        Operation started = operations
                .executor()
                .submit(
                        inside -> {
                            context.set(inside);
                            return work;
                        },
                        ExecuteOptions.ofType("report").withOwner(owner));
        settle();
        assertThat(context).as("the body runs").doesNotHaveNullValue();
        return new Running(started.requireId(), context.get(), work);
    }

    @Override
    public void close() {
        operations.executor().close();
        plain.executor().close();
    }

    record Running(String id, OperationContext context, CompletableFuture<Object> work) {}
}
