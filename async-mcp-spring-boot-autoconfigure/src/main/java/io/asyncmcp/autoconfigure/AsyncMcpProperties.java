package io.asyncmcp.autoconfigure;

import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.engine.OperationThreads;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.CancelOn;
import io.asyncmcp.server.TaskSupport;
import io.asyncmcp.server.WaitBudgets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the MCP server's long-running tools.
 *
 * @param enabled Whether there are asynchronous tools at all. If not, methods with @AsyncTool alone are no tools.
 * @param defaultTimeout How long a call waits for its result before the client gets a handle.
 * @param maxLifetime How long an operation may run before it is cancelled.
 * @param retentionPeriod How long the result of an ended operation is kept.
 * @param cleanupInterval How often expired operations are cleared away.
 * @param maxWait Longest time any single request waits, whatever the client asks for.
 * @param inputTimeout How long an operation waits for the answer to a question before the question fails, and with it a
 * tool that does not expect that.
 * @param shutdownTimeout How long running operations may go on when the application shuts down.
 * @param interruptOnCancel Whether cancelling an operation, or the end of its lifetime, interrupts the thread it runs on.
 * @param threads Kind of thread that operations run on. Choose "platform" for work that computes more than it waits. "auto" is
 * virtual where the JDK has them, unless spring.threads.virtual.enabled is false.
 * @param limits How much is admitted and kept.
 * @param cancelOn What its client must do for an operation to be cancelled, as long as the client has no handle for it: nothing, cancel
 * the request, or also go away. On protocol 2026-07-28 a client that goes away cancels in any case.
 * @param defaultWaitBudget How long a client whose name matches none of the wait budgets is taken to wait for an answer.
 * @param statelessWaitBudget Longest wait at a STATELESS server on protocols before 2026-07-28, where a client hears nothing
 * before the answer.
 * @param waitBudgets How long clients are taken to wait for an answer, by the name they give themselves. Looked at before
 * the built-in ones, in their order.
 * @param heartbeatInterval How often an event stream on which nothing else is sent shows that the server is there. A client
 * that has gone is noticed after two of them at most. Over stdio, how long a request with a progress token may wait without progress.
 * @param continueTool Generated tool that waits for a result.
 * @param cancelTool Generated tool that cancels.
 * @param listTool Generated tool that lists.
 * @param tools What overrides the annotation of a tool, by tool name. Naming a tool without annotation makes it
 * asynchronous.
 * @param tasks Tasks, of protocol 2025-11-25 and of the extension io.modelcontextprotocol/tasks.
 * @param security Which requests the endpoint takes.
 * @since 0.1.0
 */
@ConfigurationProperties("async.mcp")
public record AsyncMcpProperties(
        @DefaultValue("true") boolean enabled,

        @DefaultValue("15s") @DurationUnit(ChronoUnit.SECONDS)
        Duration defaultTimeout,

        @DefaultValue("10m") @DurationUnit(ChronoUnit.SECONDS)
        Duration maxLifetime,

        @DefaultValue("5m") @DurationUnit(ChronoUnit.SECONDS)
        Duration retentionPeriod,

        @DefaultValue("1m") @DurationUnit(ChronoUnit.SECONDS)
        Duration cleanupInterval,

        @DefaultValue("55s") @DurationUnit(ChronoUnit.SECONDS)
        Duration maxWait,

        @DefaultValue("5m") @DurationUnit(ChronoUnit.SECONDS)
        Duration inputTimeout,

        @DefaultValue("20s") @DurationUnit(ChronoUnit.SECONDS)
        Duration shutdownTimeout,

        @DefaultValue("true") boolean interruptOnCancel,

        @DefaultValue("auto") OperationThreads.Kind threads,
        @DefaultValue Limits limits,
        @DefaultValue("never") CancelOn cancelOn,

        @DefaultValue("12s") @DurationUnit(ChronoUnit.SECONDS)
        Duration defaultWaitBudget,

        @DefaultValue("8s") @DurationUnit(ChronoUnit.SECONDS)
        Duration statelessWaitBudget,

        @DefaultValue List<WaitBudget> waitBudgets,

        @DefaultValue("3s") @DurationUnit(ChronoUnit.SECONDS)
        Duration heartbeatInterval,

        @DefaultValue ContinueTool continueTool,
        @DefaultValue CancelTool cancelTool,
        @DefaultValue ListTool listTool,
        @DefaultValue Map<String, Tool> tools,
        @DefaultValue Tasks tasks,
        @DefaultValue Security security) {

    public AsyncMcpProperties {
        requirePositive("default-timeout", defaultTimeout);
        requirePositive("max-lifetime", maxLifetime);
        requirePositive("retention-period", retentionPeriod);
        requirePositive("cleanup-interval", cleanupInterval);
        requirePositive("max-wait", maxWait);
        requirePositive("input-timeout", inputTimeout);
        requirePositive("default-wait-budget", defaultWaitBudget);
        requirePositive("stateless-wait-budget", statelessWaitBudget);
        requirePositive("heartbeat-interval", heartbeatInterval);
        requireNotNegative("shutdown-timeout", shutdownTimeout);
        tools.forEach((name, tool) -> tool.validate("tools." + name));
        if (cancelTool.enabled()) {
            requireDifferent("cancel-tool", cancelTool.name(), "continue-tool", continueTool.name());
        }
        if (listTool.enabled()) {
            requireDifferent("list-tool", listTool.name(), "continue-tool", continueTool.name());
        }
        if (cancelTool.enabled() && listTool.enabled()) {
            requireDifferent("list-tool", listTool.name(), "cancel-tool", cancelTool.name());
        }
    }

    private static void requireDifferent(String property, String name, String otherProperty, String otherName) {
        if (name.equals(otherName)) {
            throw new IllegalArgumentException("async.mcp." + property + ".name must differ from async.mcp."
                    + otherProperty + ".name, but both are " + name);
        }
    }

    private static void requireText(String property, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("async.mcp." + property + " must not be blank");
        }
    }

    private static void requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("async.mcp." + name + " must not be negative, but was " + value);
        }
    }

    private static void requirePositive(String name, @Nullable Duration value) {
        if (value != null && (value.isNegative() || value.isZero())) {
            throw new IllegalArgumentException("async.mcp." + name + " must be positive, but was " + value);
        }
    }

    /**
     * How much is admitted and kept.
     *
     * @param maxRunning How many operations run at once. One that waits for an answer does not count.
     * @param maxQueued How many more operations wait for their turn.
     * @param maxPerOwner How many operations one owner may have under way. 0 for no limit of its own.
     * @param maxArgumentSize How large the arguments of a call may be, and the answer to a question.
     * @param maxResultSize How large the result of a tool may be.
     * @param maxRetainedSize How much memory all ended operations may take up together. Over it results are dropped, and then
     * operations, of the owner who takes up the most. 0 for no limit. A quarter of the heap and at most 256MB by default.
     * @param maxAwaitingInput How many operations may wait for the answer to a question. Over it a question fails.
     * @param maxActiveSize How much memory the arguments of all operations under way and the answers to their questions may
     * take up together, as much again all requests that are not answered yet, and as much again large replies that are not
     * read yet. 0 for no limit. An eighth of the heap and at most 64MB by default.
     * @param ownerShare Largest part of max-queued, max-awaiting-input, max-active-size and a tool's max-active that one owner may
     * take up, in percent. Unless it is 100, one owner also leaves an eighth of max-running to others.
     * @param maxMessageSize How long a progress text, a log message or the text of a failure may be. What is longer is cut.
     */
    public record Limits(
            @DefaultValue("256") int maxRunning,
            @DefaultValue("1024") int maxQueued,
            @DefaultValue("0") int maxPerOwner,
            @DefaultValue("1MB") DataSize maxArgumentSize,
            @DefaultValue("16MB") DataSize maxResultSize,
            @Nullable DataSize maxRetainedSize,
            @DefaultValue("1024") int maxAwaitingInput,
            @Nullable DataSize maxActiveSize,
            @DefaultValue("50") int ownerShare,
            @DefaultValue("16KB") DataSize maxMessageSize) {

        public Limits {
            requireAtLeast("max-running", maxRunning, 1);
            requireAtLeast("max-queued", maxQueued, 0);
            requireAtLeast("max-per-owner", maxPerOwner, 0);
            requireAtLeast("max-argument-size", maxArgumentSize.toBytes(), 1);
            requireAtLeast("max-result-size", maxResultSize.toBytes(), 1);
            requireAtLeast("max-awaiting-input", maxAwaitingInput, 1);
            requireAtLeast("owner-share", ownerShare, 1);
            if (ownerShare > 100) {
                throw new IllegalArgumentException(
                        "async.mcp.limits.owner-share must be at most 100 percent, but was " + ownerShare);
            }
            requireAtLeast("max-message-size", maxMessageSize.toBytes(), 16);
            if (maxActiveSize != null) {
                requireAtLeast("max-active-size", maxActiveSize.toBytes(), 0);
            }
            if (maxRetainedSize != null) {
                requireAtLeast("max-retained-size", maxRetainedSize.toBytes(), 0);
                requireRoomForOne(maxRetainedSize, maxResultSize);
            }
        }

        private static void requireRoomForOne(DataSize maxRetainedSize, DataSize maxResultSize) {
            if (maxRetainedSize.toBytes() > 0 && maxRetainedSize.compareTo(maxResultSize) < 0) {
                throw new IllegalArgumentException("async.mcp.limits.max-retained-size must not be less than"
                        + " async.mcp.limits.max-result-size, but they are " + maxRetainedSize + " and "
                        + maxResultSize);
            }
        }

        ExecutorConfig.Limits toExecutorLimits() {
            ExecutorConfig.Limits defaults = ExecutorConfig.Limits.DEFAULTS;
            return new ExecutorConfig.Limits(
                    maxRunning,
                    maxQueued,
                    maxPerOwner,
                    maxRetainedSize == null ? defaults.maxRetainedBytes() : maxRetainedSize.toBytes(),
                    maxAwaitingInput,
                    maxActiveSize == null ? defaults.maxActiveBytes() : maxActiveSize.toBytes(),
                    ownerShare,
                    (int) Math.min(Integer.MAX_VALUE, maxMessageSize.toBytes()));
        }

        private static void requireAtLeast(String name, long value, long least) {
            if (value < least) {
                throw new IllegalArgumentException(
                        "async.mcp.limits." + name + " must be at least " + least + ", but was " + value);
            }
        }
    }

    /**
     * How long one client is taken to wait for an answer.
     *
     * @param client Name the client gives itself, in any case. A "*" at its end stands for anything.
     * @param budget How long a request of that client may take to be answered.
     */
    public record WaitBudget(
            String client, @DurationUnit(ChronoUnit.SECONDS) Duration budget) {

        public WaitBudget {
            if (client == null || client.isBlank()) {
                throw new IllegalArgumentException(
                        "async.mcp.wait-budgets[].client must be the name of a client, or \"*\"");
            }
            if (budget == null) {
                throw new IllegalArgumentException("async.mcp.wait-budgets[].budget of " + client + " must be set");
            }
            requirePositive("wait-budgets[].budget of " + client, budget);
        }
    }

    /**
     * Generated tool that waits for a result.
     *
     * @param name Name of the tool. Give it another where a client has several servers with this tool.
     * @param description What the model reads about the tool. "{server}" stands for the name of the server.
     */
    public record ContinueTool(
            @DefaultValue("continue_operation") String name,

            @DefaultValue(
                    "Waits for the result of a tool call on the server \"{server}\" that is still running, and returns"
                            + " it. Call it with the operation_id of a \"processing\" answer; if the answer is \"processing\""
                            + " again, do as it says.")
            String description) {

        public ContinueTool {
            requireText("continue-tool.name", name);
        }
    }

    /**
     * Generated tool that cancels.
     *
     * @param enabled Whether to generate the tool.
     * @param name Name of the tool.
     * @param description What the model reads about the tool. "{server}" stands for the name of the server.
     */
    public record CancelTool(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("cancel_operation") String name,

            @DefaultValue(
                    "Cancels a tool call on the server \"{server}\" that is still running. Call it with the operation_id of a \"processing\""
                            + " answer.")
            String description) {

        public CancelTool {
            requireText("cancel-tool.name", name);
        }
    }

    /**
     * Generated tool that lists.
     *
     * @param enabled Whether to generate the tool.
     * @param name Name of the tool.
     * @param description What the model reads about the tool. "{server}" stands for the name of the server.
     */
    public record ListTool(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("list_operations") String name,

            @DefaultValue(
                    "Lists your tool calls on the server \"{server}\" that are still running, or whose result is kept.")
            String description) {

        public ListTool {
            requireText("list-tool.name", name);
        }
    }

    /**
     * What overrides the annotation of one tool.
     *
     * @param enabled Whether the tool is asynchronous.
     * @param timeout How long a call waits for its result before the client gets a handle. Zero hands it out at once.
     * @param maxLifetime How long an operation may run before it is cancelled.
     * @param singleFlight Whether identical calls by the same owner share one operation.
     * @param maxActive How many operations of the tool may be active at once. 0 for no limit of its own.
     * @param taskSupport Whether clients may, must or must not call the tool as a task.
     * @param taskTtl How long a task is kept at least, counted from its creation, if the client has no say in it or says
     * nothing.
     * @param pollInterval How often clients are advised to ask for a task's state.
     * @param cancelOn What its client must do for an operation to be cancelled, as long as the client has no handle for it.
     * @param interruptOnCancel Whether cancelling interrupts the thread that the tool runs on.
     */
    public record Tool(
            @Nullable Boolean enabled,
            @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration timeout,
            @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration maxLifetime,
            @Nullable Boolean singleFlight,
            @Nullable Integer maxActive,
            @Nullable TaskSupport taskSupport,
            @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration taskTtl,
            @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration pollInterval,
            @Nullable CancelOn cancelOn,
            @Nullable Boolean interruptOnCancel) {

        AsyncToolSettings.Override toOverride() {
            return new AsyncToolSettings.Override(
                    enabled,
                    timeout,
                    maxLifetime,
                    singleFlight,
                    maxActive,
                    taskSupport,
                    taskTtl,
                    pollInterval,
                    cancelOn,
                    interruptOnCancel);
        }

        void validate(String prefix) {
            if (timeout != null && timeout.isNegative()) {
                throw new IllegalArgumentException(
                        "async.mcp." + prefix + ".timeout must not be negative, but was " + timeout);
            }
            requirePositive(prefix + ".max-lifetime", maxLifetime);
            requirePositive(prefix + ".task-ttl", taskTtl);
            requirePositive(prefix + ".poll-interval", pollInterval);
            if (maxActive != null && maxActive < 0) {
                throw new IllegalArgumentException(
                        "async.mcp." + prefix + ".max-active must not be negative, but was " + maxActive);
            }
        }
    }

    /**
     * Tasks, of protocol 2025-11-25 and of the extension io.modelcontextprotocol/tasks.
     *
     * @param enabled Whether clients can call asynchronous tools as tasks.
     * @param inlineWait How long a call waits for its result before it becomes a task, where that is for the server to
     * decide.
     * @param maxTtl Longest time a client may have a task kept, counted from its creation.
     * @param pollInterval How often clients are advised to ask for the state of a task.
     * @param pageSize How many tasks one page of the list has at most.
     */
    public record Tasks(
            @DefaultValue("true") boolean enabled,

            @DefaultValue("1s") @DurationUnit(ChronoUnit.SECONDS)
            Duration inlineWait,

            @DefaultValue("1h") @DurationUnit(ChronoUnit.SECONDS)
            Duration maxTtl,

            @DefaultValue("2s") @DurationUnit(ChronoUnit.SECONDS)
            Duration pollInterval,

            @DefaultValue("50") int pageSize) {

        public Tasks {
            requireNotNegative("tasks.inline-wait", inlineWait);
            requirePositive("tasks.max-ttl", maxTtl);
            requirePositive("tasks.poll-interval", pollInterval);
            if (pageSize < 1) {
                throw new IllegalArgumentException("async.mcp.tasks.page-size must be at least 1, but was " + pageSize);
            }
        }
    }

    /**
     * Which requests the endpoint takes.
     *
     * @param allowedHosts Host headers to accept, such as "localhost:*", or "*" for any. Empty for loopback names if
     * server.address is a loopback address; else for any, but from a browser for addresses and loopback names alone.
     * @param allowedOrigins Origin headers to accept, such as "https://app.example.com", or "*" for any. Empty for the
     * host and port that the request was sent to.
     */
    public record Security(
            @DefaultValue List<String> allowedHosts,
            @DefaultValue List<String> allowedOrigins) {

        public Security {
            for (String host : allowedHosts) {
                if (host.contains("/")) {
                    throw new IllegalArgumentException(
                            "async.mcp.security.allowed-hosts must be as in a Host header, such as"
                                    + " example.com:*, without a scheme or a path, but was " + host);
                }
            }
            for (String origin : allowedOrigins) {
                if (!List.of("*", "null").contains(origin)
                        && !ORIGIN.matcher(origin).matches()) {
                    throw new IllegalArgumentException(
                            "async.mcp.security.allowed-origins must be as in an Origin header,"
                                    + " such as https://app.example.com, with a scheme and without a path, but was "
                                    + origin);
                }
            }
        }

        private static final Pattern ORIGIN = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*://[^/]+");
    }

    /**
     * Tells on which kind of thread operations run.
     *
     * @param environment says whether the application wants virtual threads at all
     * @return what is set; instead of {@code AUTO} platform threads if {@code spring.threads.virtual.enabled} is {@code false}
     */
    public OperationThreads.Kind threadKind(Environment environment) {
        if (threads == OperationThreads.Kind.VIRTUAL && !OperationThreads.virtualThreadsAvailable()) {
            throw new InvalidConfigurationPropertyValueException(
                    "async.mcp.threads",
                    threads,
                    "JDK " + Runtime.version().feature() + " has no virtual threads: they need 21 or later. Use auto.");
        }
        boolean unwanted =
                Boolean.FALSE.equals(environment.getProperty("spring.threads.virtual.enabled", Boolean.class));
        return threads == OperationThreads.Kind.AUTO && unwanted ? OperationThreads.Kind.PLATFORM : threads;
    }

    ExecutorConfig toExecutorConfig() {
        return new ExecutorConfig(
                defaultTimeout,
                maxLifetime,
                retentionPeriod,
                cleanupInterval,
                maxWait,
                inputTimeout,
                limits.toExecutorLimits(),
                interruptOnCancel);
    }

    WaitBudgets toWaitBudgets() {
        List<WaitBudgets.Budget> budgets = new ArrayList<>();
        waitBudgets.forEach(known -> budgets.add(new WaitBudgets.Budget(known.client(), known.budget())));
        budgets.addAll(WaitBudgets.DEFAULTS.budgets());
        return new WaitBudgets(budgets, defaultWaitBudget, statelessWaitBudget);
    }

    Map<String, AsyncToolSettings.Override> toOverrides() {
        Map<String, AsyncToolSettings.Override> overrides = new LinkedHashMap<>();
        tools.forEach((name, tool) -> overrides.put(name, tool.toOverride()));
        return overrides;
    }
}
