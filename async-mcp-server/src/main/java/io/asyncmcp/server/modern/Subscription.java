package io.asyncmcp.server.modern;

import io.asyncmcp.server.json.JsonObjects;
import io.asyncmcp.server.transport.SdkServer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One client that listens, until it goes or the server ends it.
 *
 * <p>Thread-safe.
 */
final class Subscription {

    private static final Logger logger = LoggerFactory.getLogger(Subscription.class);

    private final ModernRequest request;

    private final Set<String> lists;

    private final CompletableFuture<Object> ended = new CompletableFuture<>();

    /** The SDK's client by which resources are subscribed to. */
    private volatile SdkServer.@Nullable Client client;

    /** What there was to tell before the acknowledgement, which comes first; {@code null} after it. Guarded by this. */
    private @Nullable List<Runnable> early = new ArrayList<>();

    /** Guarded by this; {@code null} at the end. */
    private @Nullable List<Runnable> atEnd = new ArrayList<>();

    Subscription(ModernRequest request, Set<String> lists) {
        this.request = request.keeping(Map.of());
        this.lists = Set.copyOf(lists);
    }

    ModernRequest request() {
        return request;
    }

    CompletionStage<Object> ended() {
        return ended;
    }

    boolean isClient(String id) {
        SdkServer.Client known = client;
        return known != null && id.equals(known.id());
    }

    /** Subscribes to resources at the SDK's server, and returns those that it took. */
    List<String> subscribe(SdkServer server, List<String> uris) {
        if (uris.isEmpty()) {
            return List.of();
        }
        SdkServer.Client opened =
                server.open(request.meta().capabilities(), request.meta().info());
        client = opened;
        List<String> taken = new ArrayList<>();
        for (String uri : uris) {
            // The SDK notes it at once.
            opened.handle(
                            new JSONRPCRequest(McpSchema.METHOD_RESOURCES_SUBSCRIBE, request.id(), Map.of("uri", uri)),
                            message -> Mono.empty(),
                            McpTransportContext.EMPTY)
                    .subscribe(response -> {
                        if (response.error() == null) {
                            taken.add(uri);
                        }
                    });
        }
        // Not before: the end may have come meanwhile, or long ago, and what is subscribed to by then has to go too.
        atEnd(opened::close);
        return taken;
    }

    /** Tells the client what it will hear of; everything else comes after it. */
    void begin(List<String> resources, List<String> taskIds) {
        Map<String, Object> agreed = new LinkedHashMap<>();
        lists.stream().sorted().forEach(list -> agreed.put(list, true));
        if (!resources.isEmpty()) {
            agreed.put("resourceSubscriptions", resources);
        }
        if (!taskIds.isEmpty()) {
            agreed.put("taskIds", taskIds);
        }
        synchronized (this) {
            deliver(ModernProtocol.ACKNOWLEDGED, () -> Map.of("notifications", agreed));
            List<Runnable> waiting = early;
            early = null;
            if (waiting != null) {
                waiting.forEach(Runnable::run);
            }
        }
    }

    void tellIfWanted(String list, String method) {
        if (lists.contains(list)) {
            tell(method, Map.of());
        }
    }

    void tell(String method, Map<String, Object> params) {
        tell(method, () -> params);
    }

    /**
     * Tells something that is large: it is made when it is its turn, for what waits is bounded by nothing.
     *
     * @param method the notification
     * @param params makes its params, on the thread that writes
     */
    synchronized void tell(String method, Supplier<Map<String, Object>> params) {
        if (early != null) {
            early.add(() -> deliver(method, params));
        } else {
            deliver(method, params);
        }
    }

    private void deliver(String method, Supplier<Map<String, Object>> params) {
        try {
            request.channel()
                    .delivery()
                    .execute(() -> request.channel().send(new JSONRPCNotification(method, marked(params.get()))));
        } catch (RejectedExecutionException e) {
            logger.debug("Nothing more is delivered: the server is shutting down");
        }
    }

    private Map<String, Object> marked(Map<String, Object> params) {
        Map<String, Object> meta = JsonObjects.copy(params.get(ModernProtocol.META));
        meta.put(ModernProtocol.SUBSCRIPTION_ID, request.id());
        Map<String, Object> marked = new LinkedHashMap<>(params);
        marked.put(ModernProtocol.META, meta);
        return marked;
    }

    void atEnd(Runnable action) {
        synchronized (this) {
            if (atEnd != null) {
                atEnd.add(action);
                return;
            }
        }
        action.run();
    }

    /** Ends it without a word: the client has gone, or given it up. */
    void close() {
        List<Runnable> actions;
        synchronized (this) {
            actions = atEnd == null ? List.of() : atEnd;
            atEnd = null;
        }
        actions.forEach(Runnable::run);
    }

    void end() {
        close();
        Map<String, Object> end = new LinkedHashMap<>();
        end.put(ModernProtocol.RESULT_TYPE, "complete");
        end.put(ModernProtocol.META, Map.of(ModernProtocol.SUBSCRIPTION_ID, request.id()));
        ended.complete(end);
    }

    /** Ends when everything is out that was said so far. */
    CompletableFuture<@Nullable Void> delivered() {
        CompletableFuture<@Nullable Void> delivered = new CompletableFuture<>();
        try {
            request.channel().delivery().execute(() -> delivered.complete(null));
        } catch (RejectedExecutionException e) {
            delivered.complete(null);
        }
        return delivered;
    }
}
