package io.asyncmcp.server.transport;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP connection of one request. The endpoint puts it into the transport context and tells it when the exchange
 * is over or broken, because the SDK's transports say nothing of it.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public final class Connection {

    private static final String KEY = Connection.class.getName();

    private static final Runnable NOTHING = () -> {};

    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> lost = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> received = new CompletableFuture<>();

    private volatile Runnable probe = NOTHING;

    private volatile @Nullable Refusal refusal;

    /**
     * Why what the client sent is not accepted.
     *
     * @param reason for the client to read
     * @param busy whether it may be accepted later
     */
    public record Refusal(String reason, boolean busy) {}

    /**
     * Returns the key of the connection in the transport context, and among the attributes of the HTTP request.
     *
     * @return the key
     */
    public static String key() {
        return KEY;
    }

    static @Nullable Connection of(McpTransportContext context) {
        return context.get(KEY) instanceof Connection connection ? connection : null;
    }

    void refuse(Refusal newRefusal) {
        refusal = newRefusal;
    }

    /**
     * Returns why what the client sent is not accepted, where the SDK's transport knows no way to say so.
     *
     * @return the refusal, or {@code null} if it is accepted
     */
    public @Nullable Refusal refusal() {
        return refusal;
    }

    /** Tells that the exchange is over, however it ended, and that the client cannot come back for what it has missed. */
    public void close() {
        closed.complete(null);
        // It holds on to the response.
        probe = NOTHING;
    }

    CompletionStage<@Nullable Void> closed() {
        return closed;
    }

    /** Tells that something could not be written: the client does not get it, nor anything that follows. */
    public void lost() {
        lost.complete(null);
    }

    CompletionStage<@Nullable Void> whenLost() {
        return lost;
    }

    /** Tells that the client, which had lost the reply, has come back and has it after all. */
    public void received() {
        received.complete(null);
    }

    CompletionStage<@Nullable Void> whenReceived() {
        return received;
    }

    /**
     * Says how to find out whether the client is still there, where only writing tells.
     *
     * @param action writes something that means nothing, and calls {@link #lost} if it fails
     */
    public void probedBy(Runnable action) {
        probe = action;
    }

    /** Looks whether the client is still there. May block on a slow client. */
    void probe() {
        probe.run();
    }
}
