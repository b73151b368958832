package io.asyncmcp.server.tasks;

import java.time.Duration;

/**
 * Settings of the tasks of protocol 2025-11-25.
 *
 * @param maxTtl the longest a client may have a task kept, counted from its creation
 * @param pollInterval how often clients are advised to ask for a task's state
 * @param pageSize how many tasks one answer to {@code tasks/list} has at most
 * @param statelessWait how long {@code tasks/result} waits for the end of a task at a stateless transport, which does not tell
 *     when a client has gone
 * @since 0.1.0
 */
public record TaskSettings(Duration maxTtl, Duration pollInterval, int pageSize, Duration statelessWait) {

    public TaskSettings {
        requirePositive("max-ttl", maxTtl);
        requirePositive("poll-interval", pollInterval);
        requirePositive("the wait at a stateless transport", statelessWait);
        if (pageSize < 1) {
            throw new IllegalArgumentException("page-size must be at least 1, but was " + pageSize);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, but was " + value);
        }
    }
}
