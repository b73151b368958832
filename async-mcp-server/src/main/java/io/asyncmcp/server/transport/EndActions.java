package io.asyncmcp.server.transport;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is to be done when something ends.
 *
 * <p>Thread-safe.
 */
final class EndActions {

    /** Each is done by the thread that takes it out. */
    private final Set<Runnable> actions = ConcurrentHashMap.newKeySet();

    private volatile boolean ended;

    /** Does it at the end, at once if that was before. Returns what forgets it again. */
    Runnable add(Runnable action) {
        actions.add(action);
        if (ended) {
            run(action);
        }
        return () -> actions.remove(action);
    }

    void end() {
        ended = true;
        actions.forEach(this::run);
    }

    private void run(Runnable action) {
        if (actions.remove(action)) {
            action.run();
        }
    }
}
