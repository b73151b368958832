package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A session and what its client said when it was initialized.
 *
 * <p>Thread-safe.
 */
final class KnownClient implements ClientSession {

    private final String id;

    private final McpLoggableSession session;

    private final Executor delivery;

    private final boolean onlyClient;

    /** What is to be done at the end, each by whoever takes it out. */
    private final Set<Runnable> atEnd = ConcurrentHashMap.newKeySet();

    private volatile boolean ended;

    private volatile @Nullable ClientCapabilities capabilities;

    private volatile @Nullable String protocolVersion;

    KnownClient(String id, McpLoggableSession session, Executor delivery, boolean onlyClient) {
        this.id = id;
        this.session = session;
        this.delivery = delivery;
        this.onlyClient = onlyClient;
    }

    void can(@Nullable ClientCapabilities declared) {
        capabilities = declared;
    }

    void speaks(String version) {
        protocolVersion = version;
    }

    void gone() {
        ended = true;
        atEnd.forEach(this::run);
    }

    @Override
    public String id() {
        return id;
    }

    /** Empty until it is agreed on: then it is a version that no dialect knows. */
    @Override
    public String protocolVersion() {
        String version = protocolVersion;
        return version == null ? "" : version;
    }

    @Override
    public @Nullable ClientCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public boolean isOnlyClient() {
        return onlyClient;
    }

    @Override
    public boolean isLoggingAllowed(McpSchema.LoggingLevel level) {
        return session.isNotificationForLevelAllowed(level);
    }

    @Override
    public Executor delivery() {
        return delivery;
    }

    @Override
    public void notify(String method, @Nullable Object params) {
        session.sendNotification(method, params).onErrorComplete().subscribe();
    }

    private void run(Runnable action) {
        if (atEnd.remove(action)) {
            action.run();
        }
    }

    @Override
    public Runnable atEnd(Runnable action) {
        atEnd.add(action);
        if (ended) {
            run(action);
        }
        return () -> atEnd.remove(action);
    }
}
