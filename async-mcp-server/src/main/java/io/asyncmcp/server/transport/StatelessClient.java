package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The client of one stateless request, of whom nothing is known and who hears nothing but the reply. */
final class StatelessClient implements ClientSession {

    static final StatelessClient INSTANCE = new StatelessClient();

    private StatelessClient() {}

    @Override
    public @Nullable String id() {
        return null;
    }

    @Override
    public @Nullable String protocolVersion() {
        return null;
    }

    @Override
    public @Nullable ClientCapabilities capabilities() {
        return null;
    }

    @Override
    public @Nullable Implementation info() {
        return null;
    }

    @Override
    public boolean isOnlyClient() {
        return false;
    }

    @Override
    public boolean isLoggingAllowed(McpSchema.LoggingLevel level) {
        return false;
    }

    @Override
    public Executor delivery() {
        return Runnable::run;
    }

    @Override
    public void notify(String method, @Nullable Object params) {
        // Nobody listens between stateless requests.
    }

    @Override
    public @Nullable Listening listening() {
        return null;
    }

    @Override
    public Runnable atEnd(Runnable action) {
        return () -> {};
    }
}
