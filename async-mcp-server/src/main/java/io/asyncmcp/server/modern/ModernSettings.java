package io.asyncmcp.server.modern;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of protocol 2026-07-28.
 *
 * @param tasks whether the Tasks extension is there
 * @param inlineWait how long a call of a client that can handle tasks waits before it becomes one
 * @param maxTtl the longest that a task is promised to be kept, counted from its creation
 * @param pollInterval how often clients are advised to ask for a task's state
 * @param requestStateTtl how long a client may take to answer what it was asked before it has a task
 * @param listTtl how long clients may take lists, and what the server says of itself, to be fresh
 * @param resourceTtl how long clients may take what they have read to be fresh
 * @param cacheScope who may share what is cached
 * @param listTool the tool that is left out for anonymous callers over HTTP, or {@code null}
 * @since 0.1.0
 */
public record ModernSettings(
        boolean tasks,
        Duration inlineWait,
        Duration maxTtl,
        Duration pollInterval,
        Duration requestStateTtl,
        Duration listTtl,
        Duration resourceTtl,
        CacheScope cacheScope,
        @Nullable String listTool) {

    /** Who may share a cached result. */
    public enum CacheScope {
        /** Everybody. */
        PUBLIC,
        /** Requests with the same authorization. */
        PRIVATE
    }
}
