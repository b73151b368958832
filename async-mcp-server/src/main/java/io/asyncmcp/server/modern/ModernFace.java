package io.asyncmcp.server.modern;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.engine.OperationThreads;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.json.JsonObjects;
import io.asyncmcp.server.tool.OperationCalls;
import io.asyncmcp.server.tool.ToolFace;
import io.asyncmcp.server.transport.Dialect;
import io.asyncmcp.server.transport.IncomingRequest;
import io.asyncmcp.server.transport.RequestMemory;
import io.asyncmcp.server.transport.RequestStream;
import io.asyncmcp.server.transport.SdkServer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * Lets clients of protocol 2026-07-28 use everything that the server has, and its asynchronous tools as tasks of the
 * extension {@code io.modelcontextprotocol/tasks}.
 *
 * <p>Over stdio it listens along with the sessions of earlier versions. Over HTTP its requests belong to no session and come
 * in through {@link #http}. Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28">Specification</a>
 * @since 0.1.0
 */
public final class ModernFace implements Dialect, AutoCloseable {

    private final ModernServer server;

    private final OperationOwnerResolver owners;

    private final ScheduledExecutorService timer;

    private final ModernHttp http;

    /**
     * Creates the face.
     *
     * @param executor runs asynchronous tools
     * @param config the executor's times
     * @param calls runs calls with it
     * @param plain runs everything else
     * @param tools calls asynchronous and generated tools
     * @param memory what requests may take up that are not answered yet
     * @param owners on whose behalf requests act
     * @param settingsOf which tools are asynchronous, and how, by name
     * @param answers what a client is told when there is no result of the tool's own
     * @param settings the face's settings
     * @param clock tells the time in answers
     */
    public ModernFace(
            AsyncExecutor executor,
            ExecutorConfig config,
            OperationCalls calls,
            PlainWork plain,
            ToolFace tools,
            RequestMemory memory,
            OperationOwnerResolver owners,
            Function<String, Optional<AsyncToolSettings>> settingsOf,
            Answers answers,
            ModernSettings settings,
            Clock clock) {
        this.owners = owners;
        this.timer = OperationThreads.newTimer("async-mcp-protocol-");
        NamedExecutor operations = new NamedExecutor("operation", executor, calls);
        Function<String, Duration> pollIntervalOf = tool ->
                settingsOf.apply(tool).map(AsyncToolSettings::pollInterval).orElse(settings.pollInterval());
        ModernTaskView view = new ModernTaskView(answers, config.retentionPeriod(), pollIntervalOf, clock);
        ModernResults outcomes = new ModernResults(answers, view, settings, clock);
        LongRequests.Services services = new LongRequests.Services(
                operations,
                plain.engine(),
                new RequestStates(new SecureRandom(), settings.requestStateTtl(), clock),
                settings,
                tools,
                settingsOf,
                config.defaultTimeout(),
                plain.longest(),
                timer);
        this.server = new ModernServer(
                new LongRequests(services, outcomes),
                new ModernTasks(operations, view, outcomes),
                new Subscriptions(operations, view, settings.tasks()),
                memory,
                outcomes,
                settings,
                clock);
        this.http = new ModernHttp(server, owners);
    }

    /** Returns the way in over HTTP. */
    public ModernHttp http() {
        return http;
    }

    /** Returns how many clients listen. */
    public int subscriptions() {
        return server.subscriptions().size();
    }

    @Override
    public void attached(SdkServer sdk) {
        server.attached(sdk);
    }

    @Override
    public void broadcast(String method, @Nullable Object params) {
        server.broadcast(method);
    }

    @Override
    public boolean notified(String clientId, String method, @Nullable Object params) {
        return server.subscriptions().notified(clientId, method, params);
    }

    @Override
    public void initialized(Map<String, Object> result, McpTransportContext context, boolean onlyClient) {
        // Who initializes a session speaks an earlier version.
    }

    /** A client over stdio shares its one stream with nobody, and says in every request which version it is of. */
    @Override
    public Handling handle(IncomingRequest incoming) {
        Object params = incoming.request().params();
        String method = incoming.request().method();
        RequestStream stream = incoming.stream();
        if (!incoming.session().isOnlyClient()
                || !RequestMeta.isIn(params) && !method.equals(ModernProtocol.DISCOVER)) {
            return Handling.AS_IT_IS;
        }
        Map<String, Object> known = JsonObjects.copy(params);
        RequestMeta meta = RequestMeta.of(known);
        server.requireSupported(meta.version());
        return new Reply(server.handle(new ModernRequest(
                incoming.request().id(),
                method,
                known,
                meta,
                owners.resolve(incoming.context(), incoming.session().id()),
                incoming.context(),
                new SharedStream(stream),
                stream.contextSnapshot(),
                Context.empty())));
    }

    private record Reply(CompletionStage<?> result) implements Handling {

        @Override
        public boolean answers() {
            return true;
        }
    }

    /** The one stream of a client over stdio. */
    private record SharedStream(RequestStream stream) implements Channel {

        @Override
        public void send(JSONRPCNotification notification) {
            stream.send(notification);
        }

        @Override
        public Runnable whenSilent(Runnable action) {
            return stream.whenSilent(action);
        }

        @Override
        public Executor delivery() {
            return stream.delivery();
        }

        @Override
        public CompletionStage<@Nullable Void> lost() {
            return stream.abandoned();
        }

        @Override
        public boolean isOnlyClient() {
            return true;
        }
    }

    /**
     * Ends every subscription with a word, and takes no more that last.
     *
     * @return ends when the words are out, after a second at the latest: a client that does not read is not waited for
     */
    public CompletionStage<@Nullable Void> endSubscriptions() {
        return server.subscriptions().end(timer);
    }

    /** Lets clients listen again. */
    public void restart() {
        server.subscriptions().restart();
    }

    @Override
    public void close() {
        server.subscriptions().close();
        timer.shutdown();
    }
}
