package io.asyncmcp.web;

import io.modelcontextprotocol.spec.McpSession;
import io.modelcontextprotocol.util.KeepAliveScheduler;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What an endpoint says to all of its sessions. Thread-safe. */
final class AllSessions {

    private final Flux<McpSession> sessions;

    private final @Nullable KeepAliveScheduler keepAlive;

    /** Begins to ask clients every {@code keepAliveInterval} whether they are still there; never if it is {@code null}. */
    AllSessions(Supplier<Collection<? extends McpSession>> sessions, @Nullable Duration keepAliveInterval) {
        this.sessions = Flux.defer(() -> Flux.fromIterable(sessions.get()));
        this.keepAlive = keepAliveInterval == null
                ? null
                : KeepAliveScheduler.builder(() -> this.sessions)
                        .initialDelay(keepAliveInterval)
                        .interval(keepAliveInterval)
                        .build();
        if (keepAlive != null) {
            keepAlive.start();
        }
    }

    Mono<Void> sendNotification(String method, Object params) {
        return each(session -> session.sendNotification(method, params));
    }

    Mono<Void> closeGracefully() {
        return Mono.defer(() -> {
            if (keepAlive != null) {
                keepAlive.shutdown();
            }
            return each(McpSession::closeGracefully);
        });
    }

    /** A failure in one session does not affect the others. */
    private Mono<Void> each(Function<McpSession, Mono<Void>> action) {
        return sessions.flatMap(session -> action.apply(session).onErrorComplete())
                .then();
    }
}
