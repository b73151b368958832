package io.asyncmcp.server.modern;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.TaskSupport;
import io.asyncmcp.server.exchange.ToolCall;
import io.asyncmcp.server.json.JsonObjects;
import io.asyncmcp.server.question.Question;
import io.asyncmcp.server.tool.ToolFace;
import io.asyncmcp.server.tool.ToolFace.OwnCall;
import io.asyncmcp.server.transport.LayeredTransportContext;
import io.asyncmcp.server.transport.SdkServer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Starts the requests that may take their time, and takes up those that come back with answers.
 *
 * <p>Thread-safe.
 */
final class LongRequests {

    /**
     * What the SDK's handlers know. Not 2025-11-25's wish for a task, which is the server's to decide here, nor what is unknown: a
     * call is kept as long as its operation.
     */
    private static final Set<String> FOR_HANDLERS = Set.of("name", "arguments", "uri", ModernProtocol.META);

    private final Services services;

    private final ModernResults outcomes;

    /** How many requests that came back with answers wait for an operation, by its id. */
    private final ConcurrentMap<String, Integer> waiting = new ConcurrentHashMap<>();

    LongRequests(Services services, ModernResults outcomes) {
        this.services = services;
        this.outcomes = outcomes;
    }

    /**
     * What runs share.
     *
     * @param operations runs asynchronous tools
     * @param plain runs everything else
     * @param states makes {@code requestState}
     * @param settings the face's settings
     * @param tools calls asynchronous and generated tools
     * @param settingsOf which tools are asynchronous, and how
     * @param defaultWait how long a call of an asynchronous tool waits for its result
     * @param longest how long a client may wait for something that is not asynchronous
     * @param timer for what is put off; its tasks are handed over at once
     */
    record Services(
            NamedExecutor operations,
            NamedExecutor plain,
            RequestStates states,
            ModernSettings settings,
            ToolFace tools,
            Function<String, Optional<AsyncToolSettings>> settingsOf,
            Duration defaultWait,
            Duration longest,
            ScheduledExecutorService timer) {

        Future<?> later(Runnable task, Duration delay) {
            return timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        }

        NamedExecutor engine(String name) {
            return name.equals(plain.name()) ? plain : operations;
        }
    }

    CompletionStage<Object> start(ModernRequest given, SdkServer server) {
        Map<String, Object> answers = inputResponses(given.params());
        Object state = given.params().get(ModernProtocol.REQUEST_STATE);
        Map<String, Object> params = new HashMap<>(given.params());
        params.keySet().retainAll(FOR_HANDLERS);
        ModernRequest request = given.keeping(params);
        boolean taskable = isTaskable(request);
        if (state != null) {
            return resume(request, taskable, answers, state);
        }
        Supplier<byte[]> digest = () -> RequestDigests.of(request.method(), request.params());
        LongRequest run = new LongRequest(request, services, outcomes, taskable, answers, digest);
        McpTransportContext context = run.context();
        OwnCall own = ownCall(request, run);
        if (own != null && own.answers()) {
            run.returns(own.result());
            return run.result();
        }
        if (own != null) {
            context = new LayeredTransportContext(context, own.context());
        }
        Disposable handling = server.open(
                        request.meta().capabilities(), request.meta().info())
                .handle(new JSONRPCRequest(request.method(), request.id(), params), run::outgoing, context)
                .contextWrite(given.view())
                .subscribe(run::replied, run::fail);
        run.abandoned().thenRun(handling::dispose);
        return run.result();
    }

    private @Nullable OwnCall ownCall(ModernRequest request, LongRequest run) {
        return request.method().equals(McpSchema.METHOD_TOOLS_CALL)
                ? services.tools().find(request.params(), run::toolCall)
                : null;
    }

    /** It is for the server to decide which calls become tasks, as long as the client can handle them. */
    private boolean isTaskable(ModernRequest request) {
        if (!request.method().equals(McpSchema.METHOD_TOOLS_CALL)
                || !(request.params().get("name") instanceof String tool)) {
            return false;
        }
        TaskSupport support = services.settings().tasks()
                ? services.settingsOf()
                        .apply(tool)
                        .map(AsyncToolSettings::taskSupport)
                        .orElse(TaskSupport.FORBIDDEN)
                : TaskSupport.FORBIDDEN;
        if (support == TaskSupport.REQUIRED && !request.meta().canHandleTasks()) {
            throw ModernErrors.missingTasks();
        }
        return support != TaskSupport.FORBIDDEN && request.meta().canHandleTasks();
    }

    private CompletionStage<Object> resume(
            ModernRequest request, boolean taskable, Map<String, Object> answers, Object state) {
        if (!(state instanceof String text)) {
            throw ModernErrors.invalidParams("requestState must be a text.");
        }
        byte[] digest = RequestDigests.of(request.method(), request.params());
        RequestStates.State known = services.states().open(text, request.owner(), digest);
        NamedExecutor engine = services.engine(known.engine());
        return engine.executor()
                .findAsync(known.operationId(), request.owner())
                .handle((operation, error) -> {
                    if (error instanceof OperationNotFoundException) {
                        throw RequestStates.invalid();
                    }
                    if (error != null) {
                        throw new CompletionException(error);
                    }
                    return operation;
                })
                .thenCompose(operation -> resume(request, taskable, engine, operation, answers, digest));
    }

    private CompletionStage<Object> resume(
            ModernRequest request,
            boolean taskable,
            NamedExecutor engine,
            Operation operation,
            Map<String, Object> answers,
            byte[] digest) {
        answer(engine, request, operation, answers);
        LongRequest run =
                new LongRequest(request.keeping(Map.of()), services, outcomes, taskable, new HashMap<>(), () -> digest);
        ToolCall call = run.toolCall(new CallToolRequest(
                operation.type(), Map.of(), JsonObjects.copy(request.params().get(ModernProtocol.META))));
        Duration wait = engine == services.plain()
                ? services.longest()
                : run.waitFor(engine.calls()
                        .asLongAsItWaits(
                                services.settingsOf()
                                        .apply(operation.type())
                                        .map(AsyncToolSettings::timeout)
                                        .orElse(services.defaultWait()),
                                call,
                                request.owner()));
        run.resumes(engine, engine.calls().resume(operation.requireId(), request.owner(), wait, call));
        if (isGivenUpWith(request, operation)) {
            cancelWithTheLast(run, engine, operation.requireId());
        }
        return run.result();
    }

    /** A client that has lost its connection comes back once more, perhaps before the loss is noticed. */
    private void cancelWithTheLast(LongRequest run, NamedExecutor engine, String operationId) {
        waiting.merge(operationId, 1, Integer::sum);
        run.over().thenRun(() -> waiting.computeIfPresent(operationId, (id, count) -> count == 1 ? null : count - 1));
        run.abandoned().thenRun(() -> {
            if (!waiting.containsKey(operationId)) {
                engine.executor().cancelAsync(operationId, null);
            }
        });
    }

    /** A client that only came back for an operation, or shares it, does not end it by going away. */
    private boolean isGivenUpWith(ModernRequest request, Operation operation) {
        return !request.method().equals(McpSchema.METHOD_TOOLS_CALL)
                || operation.type().equals(request.params().get("name"))
                        && !services.settingsOf()
                                .apply(operation.type())
                                .map(AsyncToolSettings::singleFlight)
                                .orElse(false);
    }

    /**
     * Answers an operation's questions, all of them or, if one of the answers does not fit, none. Answers to what is not asked
     * are left alone.
     */
    static void answer(NamedExecutor engine, ModernRequest request, Operation operation, Map<String, Object> answers) {
        List<Question> answered = Question.of(operation).stream()
                .filter(question -> answers.containsKey(question.key()))
                .toList();
        for (Question question : answered) {
            String misfit =
                    question.misfit(answers.get(question.key()), engine.calls().maxAnswerBytes());
            if (misfit != null) {
                throw ModernErrors.invalidParams(
                        "inputResponses[\"" + question.key() + "\"] does not fit the question. " + misfit);
            }
        }
        for (Question question : answered) {
            question.answer(engine.executor(), request.owner(), answers.get(question.key()));
        }
    }

    static Map<String, Object> inputResponses(Map<String, Object> params) {
        Object given = params.get(ModernProtocol.INPUT_RESPONSES);
        if (given == null) {
            return new HashMap<>();
        }
        if (!(given instanceof Map<?, ?> responses)) {
            throw ModernErrors.invalidParams(
                    "inputResponses must be an object, with the answers by the keys of the questions.");
        }
        Map<String, Object> answers = new HashMap<>();
        responses.forEach((key, value) -> {
            if (value != null) {
                answers.put(String.valueOf(key), value);
            }
        });
        return answers;
    }
}
