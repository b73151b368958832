package io.asyncmcp.server.tasks;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.TaskSupport;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.exchange.Terms;
import io.asyncmcp.server.json.JsonObjects;
import io.asyncmcp.server.tool.ToolFace;
import io.asyncmcp.server.transport.ClientSession;
import io.asyncmcp.server.transport.Dialect;
import io.asyncmcp.server.transport.IncomingRequest;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets clients of protocol 2025-11-25 call asynchronous tools as tasks, and come back for any operation as a task.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks">Tasks</a>
 * @since 0.1.0
 */
public final class TaskFace implements Dialect, AutoCloseable {

    private final OperationOwnerResolver owners;

    private final Function<String, TaskSupport> supportOf;

    private final Duration maxTtl;

    private final ToolFace tools;

    private final TaskView view;

    private final TaskMethods methods;

    private final TaskFollowers followers;

    private final ScheduledExecutorService timer;

    /**
     * Creates the face.
     *
     * @param executor runs the operations
     * @param config the executor's times
     * @param owners on whose behalf requests act
     * @param settingsOf which tools are asynchronous, and how, by name
     * @param tools calls them
     * @param answers what a client is told when there is no result of the tool's own
     * @param settings how tasks are kept and listed
     * @param timer for what is put off; its tasks are handed over at once. Shut down with this
     * @param clock tells the time in answers
     */
    public TaskFace(
            AsyncExecutor executor,
            ExecutorConfig config,
            OperationOwnerResolver owners,
            Function<String, Optional<AsyncToolSettings>> settingsOf,
            ToolFace tools,
            Answers answers,
            TaskSettings settings,
            ScheduledExecutorService timer,
            Clock clock) {
        this.owners = owners;
        this.supportOf = tool ->
                settingsOf.apply(tool).map(AsyncToolSettings::taskSupport).orElse(TaskSupport.FORBIDDEN);
        this.maxTtl = settings.maxTtl();
        this.tools = tools;
        Function<String, Duration> pollIntervalOf = tool ->
                settingsOf.apply(tool).map(AsyncToolSettings::pollInterval).orElse(settings.pollInterval());
        this.view = new TaskView(config, pollIntervalOf, clock);
        this.timer = timer;
        TaskStreams streams = new TaskStreams();
        TaskResults results = new TaskResults(executor, answers, streams, view, settings.statelessWait(), clock);
        this.methods = new TaskMethods(executor, owners, view, results, settings.pageSize());
        // Who looks at the task as often as advised has seen the question by then, and would have come.
        ListeningQuestions questions = new ListeningQuestions(
                executor, tool -> pollIntervalOf.apply(tool).multipliedBy(2), timer);
        this.followers = new TaskFollowers(executor, view, streams, questions);
    }

    @Override
    public Handling handle(IncomingRequest request) {
        if (!speaks(request.session())) {
            return Handling.AS_IT_IS;
        }
        return switch (request.request().method()) {
            case McpSchema.METHOD_TOOLS_CALL -> call(request);
            case McpSchema.METHOD_TOOLS_LIST -> new ToolList(supportOf);
            default -> {
                CompletionStage<?> result = methods.run(request);
                yield result == null ? Handling.AS_IT_IS : new Reply(result);
            }
        };
    }

    /** A stateless transport does not say which version its client speaks; one that sends {@code task} knows of it. */
    private static boolean speaks(ClientSession session) {
        String version = session.protocolVersion();
        return version == null || version.equals(ProtocolVersions.MCP_2025_11_25);
    }

    private Handling call(IncomingRequest request) {
        Object params = request.request().params();
        if (!(params instanceof Map<?, ?> object) || !(object.get("name") instanceof String toolName)) {
            return Handling.AS_IT_IS;
        }
        TaskSupport support = supportOf.apply(toolName);
        if (!TaskParams.asksForTask(params)) {
            if (support == TaskSupport.REQUIRED) {
                throw TaskErrors.required(toolName);
            }
            return Handling.AS_IT_IS;
        }
        Duration ttl = TaskParams.ttl(object);
        if (support == TaskSupport.FORBIDDEN) {
            throw TaskErrors.forbidden(toolName);
        }
        ToolFace.OwnCall own = tools.find(request, new TaskTerms(ttl, maxTtl));
        if (own == null) {
            throw TaskErrors.invalid("Unknown tool: " + toolName);
        }
        return new TaskCall(own, started -> {
            followers.follow(started, request);
            return view.created(started.operation());
        });
    }

    @Override
    public void initialized(Map<String, Object> result, McpTransportContext context, boolean onlyClient) {
        if (!ProtocolVersions.MCP_2025_11_25.equals(result.get("protocolVersion"))) {
            return;
        }
        Map<String, Object> tasks = new LinkedHashMap<>();
        if (mayList(context, onlyClient)) {
            tasks.put("list", Map.of());
        }
        tasks.put("cancel", Map.of());
        tasks.put("requests", Map.of("tools", Map.of("call", Map.of())));
        Map<String, Object> capabilities = JsonObjects.copy(result.get("capabilities"));
        capabilities.put("tasks", tasks);
        result.put("capabilities", capabilities);
    }

    private boolean mayList(McpTransportContext context, boolean onlyClient) {
        try {
            OperationOwner owner = owners.resolve(context, "none");
            return TaskMethods.canList(owner, onlyClient);
        } catch (SecurityException e) {
            return false;
        }
    }

    /**
     * The terms of a task.
     *
     * @param wanted how long the client wants it to be kept, or {@code null} if it does not say
     * @param longest the longest to be granted
     */
    private record TaskTerms(@Nullable Duration wanted, Duration longest) implements Terms {

        @Override
        public Duration ttl(Duration byDefault) {
            Duration ttl = wanted == null ? byDefault : wanted;
            return ttl.compareTo(longest) > 0 ? longest : ttl;
        }
    }

    /** The dialect's own reply. */
    private record Reply(CompletionStage<?> result) implements Handling {

        @Override
        public boolean answers() {
            return true;
        }
    }

    @Override
    public void close() {
        timer.shutdown();
    }
}
