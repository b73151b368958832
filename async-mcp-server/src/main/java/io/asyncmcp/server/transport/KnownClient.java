package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
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

    private final EndActions atEnd = new EndActions();

    private final Supplier<@Nullable Listening> listening;

    private volatile @Nullable ClientCapabilities capabilities;

    private volatile @Nullable Implementation info;

    private volatile @Nullable String protocolVersion;

    KnownClient(
            String id,
            McpLoggableSession session,
            Executor delivery,
            boolean onlyClient,
            Supplier<@Nullable Listening> listening) {
        this.id = id;
        this.session = session;
        this.delivery = delivery;
        this.onlyClient = onlyClient;
        this.listening = listening;
    }

    void introduces(@Nullable Implementation itself, @Nullable ClientCapabilities declared) {
        info = itself;
        capabilities = declared;
    }

    void speaks(String version) {
        protocolVersion = version;
    }

    void gone() {
        atEnd.end();
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
    public @Nullable Implementation info() {
        return info;
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

    @Override
    public @Nullable Listening listening() {
        return listening.get();
    }

    @Override
    public Runnable atEnd(Runnable action) {
        return atEnd.add(action);
    }
}
