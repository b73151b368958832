package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpTransport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams on which clients listen between their requests. They have no end of their own, so a web server that lets its
 * requests finish would wait for them in vain.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public final class ListeningStreams {

    private static final Logger logger = LoggerFactory.getLogger(ListeningStreams.class);

    /** Weak: not every transport tells when its client has gone. The connection holds on to its transport. */
    private final Set<McpTransport> open = Collections.newSetFromMap(new WeakHashMap<>());

    private final Executor delivery;

    /** Guarded by {@code open}. */
    private boolean ended;

    ListeningStreams(Executor delivery) {
        this.delivery = delivery;
    }

    void opened(McpTransport stream) {
        synchronized (open) {
            if (!ended) {
                open.add(stream);
                return;
            }
        }
        end(stream);
    }

    /** Ends all of them, and those that clients open from now on. Does not wait. */
    public void end() {
        List<McpTransport> all;
        synchronized (open) {
            ended = true;
            all = new ArrayList<>(open);
            open.clear();
        }
        all.forEach(this::end);
    }

    /** Lets clients listen again. */
    public void restart() {
        synchronized (open) {
            ended = false;
        }
    }

    /** Closing waits for a write that a client which does not read holds up. */
    private void end(McpTransport stream) {
        Runnable closing = () -> stream.closeGracefully()
                .subscribe(null, e -> logger.debug("A stream that a client listens on could not be closed"));
        try {
            delivery.execute(closing);
        } catch (RejectedExecutionException e) {
            closing.run();
        }
    }
}
