package io.asyncmcp.server.modern;

import io.asyncmcp.server.json.JsonObjects;
import io.asyncmcp.server.tool.ListToolOffer;
import io.asyncmcp.server.transport.RequestMemory;
import io.asyncmcp.server.transport.RequestRules;
import io.asyncmcp.server.transport.SdkServer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Answers the protocol's requests, whatever transport they came in on.
 *
 * <p>Thread-safe.
 */
final class ModernServer {

    private static final long FRESH_MILLIS = 5_000;

    private static final ClientCapabilities NOTHING =
            ClientCapabilities.builder().build();

    private static final Implementation NOBODY =
            Implementation.builder("async-mcp", "0").build();

    private final LongRequests runs;

    private final ModernTasks tasks;

    private final Subscriptions subscriptions;

    private final RequestMemory memory;

    private final ModernResults outcomes;

    private final boolean withTasks;

    private final @Nullable String listTool;

    private final Clock clock;

    private volatile @Nullable SdkServer sdk;

    /** Asked for once: what a server says of itself does not change while it runs. */
    private volatile @Nullable Description description;

    /** Counted before what is known of them is forgotten. */
    private final AtomicInteger toolChanges = new AtomicInteger();

    /** Looked up again when the tools have changed, and from time to time: not every server tells that they have. */
    private volatile @Nullable Looked paramHeaders;

    private record Looked(ParamHeaders found, long at) {}

    private record Description(
            Map<String, Object> capabilities,
            Object serverInfo,
            @Nullable String instructions) {}

    ModernServer(
            LongRequests runs,
            ModernTasks tasks,
            Subscriptions subscriptions,
            RequestMemory memory,
            ModernResults outcomes,
            ModernSettings settings,
            Clock clock) {
        this.runs = runs;
        this.tasks = tasks;
        this.subscriptions = subscriptions;
        this.memory = memory;
        this.outcomes = outcomes;
        this.withTasks = settings.tasks();
        this.listTool = settings.listTool();
        this.clock = clock;
    }

    void attached(SdkServer server) {
        sdk = server;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    /** This one first: clients are to choose it. */
    List<String> supportedVersions() {
        List<String> versions = new ArrayList<>(sdk().protocolVersions());
        Collections.reverse(versions);
        versions.remove(ModernProtocol.VERSION);
        versions.add(0, ModernProtocol.VERSION);
        return versions;
    }

    void requireSupported(String version) {
        if (!version.equals(ModernProtocol.VERSION)) {
            throw ModernErrors.unsupportedVersion(version, supportedVersions());
        }
    }

    /** The arguments that the tools of this moment want in headers; without delay once it is known. */
    Mono<ParamHeaders> paramHeaders() {
        Looked last = paramHeaders;
        long now = clock.millis();
        if (last != null && now - last.at() < FRESH_MILLIS) {
            return Mono.just(last.found());
        }
        int changes = toolChanges.get();
        return Mono.defer(() -> sdk().open(NOTHING, NOBODY)
                        .handle(
                                new JSONRPCRequest(McpSchema.METHOD_TOOLS_LIST, 0, Map.of()),
                                message -> Mono.empty(),
                                McpTransportContext.EMPTY))
                .map(listed ->
                        listed.result() instanceof ListToolsResult tools ? ParamHeaders.of(tools) : ParamHeaders.NONE)
                .doOnNext(found -> {
                    paramHeaders = new Looked(found, now);
                    if (toolChanges.get() != changes) {
                        paramHeaders = null;
                    }
                })
                // While the server starts, every request is answered that it does.
                .onErrorReturn(ParamHeaders.NONE);
    }

    /** What every client is told outside of its requests. */
    void broadcast(String method) {
        if (method.equals(McpSchema.METHOD_NOTIFICATION_TOOLS_LIST_CHANGED)) {
            toolChanges.incrementAndGet();
            paramHeaders = null;
        }
        subscriptions.broadcast(method);
    }

    /** What a client is told of an error. */
    McpError error(Throwable error) {
        return outcomes.error(error);
    }

    /**
     * Handles a request.
     *
     * @return ends with the result, or with an {@link io.modelcontextprotocol.spec.McpError}; never if its client has gone
     */
    CompletionStage<Object> handle(ModernRequest request) {
        CompletionStage<Object> result;
        try {
            Description known = description;
            result = known == null
                    ? description().toFuture().thenCompose(found -> signed(request, found))
                    : signed(request, known);
        } catch (Throwable e) {
            result = CompletableFuture.failedFuture(e);
        }
        return result.exceptionally(error -> {
            throw outcomes.error(error);
        });
    }

    private CompletionStage<Object> signed(ModernRequest request, Description known) {
        return weighed(request, known).thenApply(value -> signed(value, known));
    }

    private CompletionStage<Object> weighed(ModernRequest request, Description known) {
        String method = request.method();
        Set<String> answers = RequestRules.answers(method, request.params());
        boolean refused = ModernProtocol.OF_THE_SDK.contains(method)
                ? RequestRules.isMisfit(method, request.params(), answers)
                : RequestRules.isHeavy(method, request.params(), answers);
        if (refused) {
            throw ModernErrors.invalidParams(RequestRules.MISFIT);
        }
        Runnable over = memory.open(request.owner(), RequestMemory.weigh(kept(request)) + Subscriptions.weigh(request));
        request.channel().lost().thenRun(over);
        try {
            return handled(request, known).whenComplete((value, error) -> over.run());
        } catch (Throwable e) {
            over.run();
            throw e;
        }
    }

    private static @Nullable Object kept(ModernRequest request) {
        return RequestRules.comesBack(request.method(), request.params())
                ? request.params().get(ModernProtocol.META)
                : request.params();
    }

    private CompletionStage<Object> handled(ModernRequest request, Description known) {
        String method = request.method();
        if (RequestRules.MAY_ASK.contains(method)) {
            return runs.start(request, sdk());
        }
        if (ModernProtocol.OF_THE_SDK.contains(method)) {
            return ofTheSdk(request);
        }
        return switch (method) {
            case ModernProtocol.DISCOVER -> CompletableFuture.completedFuture(discovered(known));
            case ModernProtocol.LISTEN -> subscriptions.listen(request, sdk(), known.capabilities());
            default -> ofTasks(request);
        };
    }

    private CompletionStage<Object> ofTasks(ModernRequest request) {
        if (!withTasks) {
            throw ModernErrors.methodNotFound(request.method());
        }
        return switch (request.method()) {
            case ModernProtocol.TASKS_GET -> tasks.get(request);
            case ModernProtocol.TASKS_UPDATE -> tasks.update(request);
            case ModernProtocol.TASKS_CANCEL -> tasks.cancel(request);
            default -> throw ModernErrors.methodNotFound(request.method());
        };
    }

    private CompletionStage<Object> ofTheSdk(ModernRequest request) {
        CompletableFuture<Object> result = new CompletableFuture<>();
        Disposable handling = sdk().open(
                        request.meta().capabilities(), request.meta().info())
                .handle(
                        new JSONRPCRequest(request.method(), request.id(), request.params()),
                        message -> message instanceof JSONRPCRequest
                                ? Mono.error(
                                        new IllegalStateException(request.method() + " cannot ask the client anything"))
                                : Mono.empty(),
                        request.context())
                .contextWrite(request.view())
                .subscribe(
                        response -> {
                            if (response.error() != null) {
                                result.completeExceptionally(new McpError(ModernErrors.translated(response.error())));
                            } else {
                                result.complete(
                                        outcomes.complete(request.method(), offered(request, response.result())));
                            }
                        },
                        result::completeExceptionally);
        request.channel().lost().thenRun(handling::dispose);
        return result;
    }

    private Object offered(ModernRequest request, Object result) {
        return listTool == null || request.channel().isOnlyClient() || ListToolOffer.canList(request.owner())
                ? result
                : ListToolOffer.without(listTool, result);
    }

    private Map<String, Object> discovered(Description known) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("supportedVersions", supportedVersions());
        result.put("capabilities", known.capabilities());
        if (known.instructions() != null) {
            result.put("instructions", known.instructions());
        }
        return outcomes.complete(ModernProtocol.DISCOVER, result);
    }

    /** Every result says whose it is. */
    private static Object signed(Object result, Description known) {
        Map<String, Object> signed = JsonObjects.copy(result);
        Map<String, Object> meta = JsonObjects.copy(signed.get(ModernProtocol.META));
        meta.put(ModernProtocol.SERVER_INFO, known.serverInfo());
        signed.put(ModernProtocol.META, meta);
        return signed;
    }

    private SdkServer sdk() {
        SdkServer server = sdk;
        if (server == null) {
            throw ModernErrors.internal("The server is starting.");
        }
        return server;
    }

    private Mono<Description> description() {
        return sdk().describe().map(this::describe).doOnNext(found -> description = found);
    }

    private Description describe(InitializeResult result) {
        Map<String, Object> described = JsonObjects.of(result);
        Map<String, Object> capabilities = JsonObjects.copy(described.get("capabilities"));
        if (withTasks) {
            Map<String, Object> extensions = JsonObjects.copy(capabilities.get("extensions"));
            extensions.put(ModernProtocol.TASKS, Map.of());
            capabilities.put("extensions", extensions);
        }
        return new Description(
                capabilities, Objects.requireNonNull(described.get("serverInfo"), "serverInfo"), result.instructions());
    }
}
