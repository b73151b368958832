package io.asyncmcp.server.modern;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.InputRequest;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.server.answer.TaskTexts;
import io.asyncmcp.server.exchange.OperationWatch;
import io.asyncmcp.server.json.JsonFailures;
import io.asyncmcp.server.json.JsonObjects;
import io.asyncmcp.server.transport.SdkServer;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients that listen, and what each of them has asked to hear.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions">Subscriptions</a>
 */
final class Subscriptions {

    private static final Logger logger = LoggerFactory.getLogger(Subscriptions.class);

    /** A client that does not read must not hold a shutdown up. */
    private static final long LAST_WORDS_MILLIS = 1_000;

    /** What it takes up to follow a task, about, in bytes. */
    private static final long WATCH = 400;

    private static final int MAX_TASKS = 100;

    private static final int MAX_RESOURCES = 100;

    /** Ids are shorter, and URIs. What a subscription asks for is kept as long as it is open. */
    private static final int MAX_ENTRY_LENGTH = 2_048;

    /** What a client asks for, by the notification it gets. */
    private static final Map<String, String> LISTS = Map.of(
            McpSchema.METHOD_NOTIFICATION_TOOLS_LIST_CHANGED, "toolsListChanged",
            McpSchema.METHOD_NOTIFICATION_PROMPTS_LIST_CHANGED, "promptsListChanged",
            McpSchema.METHOD_NOTIFICATION_RESOURCES_LIST_CHANGED, "resourcesListChanged");

    private static final Map<String, String> CAPABILITIES =
            Map.of("toolsListChanged", "tools", "promptsListChanged", "prompts", "resourcesListChanged", "resources");

    private final NamedExecutor engine;

    private final ModernTaskView view;

    private final boolean tasks;

    private final Set<Subscription> open = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    Subscriptions(NamedExecutor engine, ModernTaskView view, boolean tasks) {
        this.engine = engine;
        this.view = view;
        this.tasks = tasks;
    }

    /**
     * Begins to tell a client what it wants to hear.
     *
     * @param request the client's request
     * @param server where resources are subscribed to
     * @param capabilities what the server says it can do, as JSON
     * @return ends when the server ends the subscription, and never if the client does
     */
    CompletionStage<Object> listen(ModernRequest request, SdkServer server, Map<?, ?> capabilities) {
        if (!(request.params().get("notifications") instanceof Map<?, ?> filter)) {
            throw ModernErrors.invalidParams("notifications must be an object that says what to listen for.");
        }
        Set<String> lists = ConcurrentHashMap.newKeySet();
        for (String name : LISTS.values()) {
            if (flag(filter, name) && can(capabilities, CAPABILITIES.get(name), "listChanged")) {
                lists.add(name);
            }
        }
        List<String> resources = texts(filter, "resourceSubscriptions", MAX_RESOURCES);
        if (!can(capabilities, "resources", "subscribe")) {
            resources = List.of();
        }
        List<String> taskIds = texts(filter, "taskIds", MAX_TASKS);
        if (!taskIds.isEmpty() && !request.meta().canHandleTasks()) {
            throw ModernErrors.missingTasks();
        }
        Subscription subscription = new Subscription(request, lists);
        List<String> wanted = resources;
        return known(request, tasks ? taskIds : List.of())
                .thenCompose(known -> begin(subscription, server, wanted, known));
    }

    private CompletionStage<Object> begin(
            Subscription subscription, SdkServer server, List<String> resources, List<String> taskIds) {
        open.add(subscription);
        subscription.request().channel().lost().thenRun(() -> lost(subscription));
        try {
            subscription.begin(subscription.subscribe(server, resources), taskIds);
            taskIds.forEach(id -> watch(id, subscription));
        } catch (Throwable e) {
            lost(subscription);
            throw e;
        }
        if (closed) {
            end(subscription);
        }
        return subscription.ended();
    }

    /**
     * Weighs what a request listens to.
     *
     * @return what it takes up beside the request, in bytes
     */
    static long weigh(ModernRequest request) {
        return request.method().equals(ModernProtocol.LISTEN)
                        && request.params().get("notifications") instanceof Map<?, ?> filter
                        && filter.get("taskIds") instanceof List<?> taskIds
                ? WATCH * Math.min(taskIds.size(), MAX_TASKS)
                : 0;
    }

    /** Unknown, expired and foreign tasks are not among those that the client is told it will hear of. */
    private CompletionStage<List<String>> known(ModernRequest request, List<String> taskIds) {
        CompletionStage<List<String>> known = CompletableFuture.completedFuture(List.of());
        for (String id : taskIds) {
            if (OperationIds.isWellFormed(id)) {
                // One after the other: a client that lists many does not take all of the store's threads.
                known = known.thenCompose(before -> withFound(before, id, request));
            }
        }
        return known;
    }

    private CompletionStage<List<String>> withFound(List<String> before, String taskId, ModernRequest request) {
        return executor().findAsync(taskId, request.owner()).handle((operation, error) -> {
            if (error instanceof OperationNotFoundException) {
                logger.debug("A client listens to a task that it does not have");
                return before;
            }
            if (error != null) {
                throw new CompletionException(error);
            }
            List<String> known = new ArrayList<>(before);
            known.add(operation.requireId());
            return known;
        });
    }

    private AsyncExecutor executor() {
        return engine.executor();
    }

    private static boolean can(Map<?, ?> capabilities, @Nullable String capability, String feature) {
        return capabilities.get(capability) instanceof Map<?, ?> known && Boolean.TRUE.equals(known.get(feature));
    }

    private static boolean flag(Map<?, ?> filter, String name) {
        Object value = filter.get(name);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw ModernErrors.invalidParams("notifications." + name + " must be true or false.");
    }

    private static List<String> texts(Map<?, ?> filter, String name, int limit) {
        Object value = filter.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw ModernErrors.invalidParams("notifications." + name + " must be a list of texts.");
        }
        if (list.size() > limit) {
            throw ModernErrors.invalidParams(
                    "notifications." + name + " must not have more than " + limit + " entries. Listen several times.");
        }
        if (!list.stream().allMatch(entry -> entry instanceof String text && text.length() <= MAX_ENTRY_LENGTH)) {
            throw ModernErrors.invalidParams("notifications." + name + " must be a list of texts of at most "
                    + MAX_ENTRY_LENGTH + " characters.");
        }
        return list.stream().map(String.class::cast).distinct().toList();
    }

    void broadcast(String method) {
        String list = LISTS.get(method);
        if (list != null) {
            open.forEach(subscription -> subscription.tellIfWanted(list, method));
        }
    }

    boolean notified(String clientId, String method, @Nullable Object params) {
        for (Subscription subscription : open) {
            if (subscription.isClient(clientId)) {
                subscription.tell(method, params == null ? Map.of() : JsonObjects.of(params));
                return true;
            }
        }
        return false;
    }

    private void lost(Subscription subscription) {
        open.remove(subscription);
        subscription.close();
    }

    private void end(Subscription subscription) {
        open.remove(subscription);
        subscription.end();
    }

    /** Lets clients listen again. */
    void restart() {
        closed = false;
    }

    /** Ends them all. The stage ends when their last words are out, or when it has waited for them long enough. */
    CompletionStage<@Nullable Void> end(ScheduledExecutorService timer) {
        CompletableFuture<@Nullable Void> out = close();
        if (!out.isDone()) {
            Future<?> late = timer.schedule(() -> out.complete(null), LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
            out.whenComplete((nothing, error) -> late.cancel(false));
        }
        return out;
    }

    /** Ends them all. The stage ends when their last words are out. */
    CompletableFuture<@Nullable Void> close() {
        closed = true;
        CompletableFuture<@Nullable Void> delivered = CompletableFuture.completedFuture(null);
        for (Subscription subscription : open) {
            end(subscription);
            delivered = delivered.thenCombine(subscription.delivered(), (one, other) -> null);
        }
        return delivered;
    }

    int size() {
        return open.size();
    }

    private void watch(String taskId, Subscription subscription) {
        TaskTeller teller = new TaskTeller(taskId, subscription);
        // It also tells what has happened since the client last looked.
        OperationWatch.untilEndAsync(executor(), taskId, teller::changed)
                .thenAccept(watch -> subscription.atEnd(watch::close))
                .exceptionally(error -> {
                    // If it went away between the acknowledgement and now, nothing more will happen to it.
                    if (!(error.getCause() instanceof OperationNotFoundException)) {
                        logger.warn(
                                "A client does not hear of a task that it listens to", JsonFailures.loggable(error));
                    }
                    return null;
                });
    }

    /** Tells a task's states, each once and the last one last. */
    private final class TaskTeller {

        private final String taskId;

        private final Subscription subscription;

        /** What a client sees of a state: progress alone is not worth a notification. Guarded by this. */
        private @Nullable Object told;

        /** Guarded by this. */
        private boolean ended;

        TaskTeller(String taskId, Subscription subscription) {
            this.taskId = taskId;
            this.subscription = subscription;
        }

        synchronized void changed(Operation news) {
            if (ended) {
                return;
            }
            Operation now = latest(news);
            List<Object> state = List.of(
                    TaskTexts.status(now.status()),
                    now.pendingInputs().stream().map(InputRequest::key).toList());
            if (!state.equals(told)) {
                told = state;
                ended = now.status().isTerminal();
                boolean hasResult = now.result() != null;
                // The result is the store's to keep, or not to: a client that does not read must not hold on to it.
                Operation kept = hasResult ? now.withResultDropped() : now;
                subscription.tell(
                        ModernProtocol.TASK_NOTIFICATION,
                        () -> view.detailed(
                                hasResult ? lookedUp(kept) : kept,
                                subscription.request().meta().capabilities()));
            }
        }

        /** Looks for itself: news of two changes may arrive in any order. */
        private Operation latest(Operation news) {
            return news.status().isTerminal() ? news : lookedUp(news);
        }

        private Operation lookedUp(Operation known) {
            try {
                return executor().find(taskId, null);
            } catch (Throwable e) {
                if (!(e instanceof OperationNotFoundException)) {
                    logger.warn(
                            "A task could not be looked up for a client that listens; it is told what is known",
                            JsonFailures.loggable(e));
                }
                return known;
            }
        }
    }
}
