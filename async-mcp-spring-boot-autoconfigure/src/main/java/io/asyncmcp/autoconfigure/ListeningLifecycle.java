package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.ListeningStreams;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the streams on which clients listen when operations are done, and before the web server waits for its requests: it
 * would wait for these until its time is up.
 */
final class ListeningLifecycle implements SmartLifecycle {

    /** Stops after the operations, which stop in the default phase, and before the web server, 1,024 below it. */
    static final int PHASE = DEFAULT_PHASE - 512;

    private final List<ListeningStreams> streams;

    private volatile boolean running;

    ListeningLifecycle(List<ListeningStreams> streams) {
        this.streams = List.copyOf(streams);
    }

    @Override
    public void start() {
        streams.forEach(ListeningStreams::restart);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        streams.forEach(ListeningStreams::end);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
