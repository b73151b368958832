package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The news of a session that the client's roots have changed. The SDK asks the client for them then, and its WebMVC transports
 * keep the notification's thread until the client has answered. So it is left to itself here, once at a time.
 *
 * <p>Thread-safe.
 */
final class RootsChanges {

    private static final Logger logger = LoggerFactory.getLogger(RootsChanges.class);

    private static final int IDLE = 0;

    private static final int ASKING = 1;

    /** They have changed while the client was asked, and it may have answered before. */
    private static final int ASKING_AND_CHANGED = 2;

    private final AtomicInteger state = new AtomicInteger(IDLE);

    /**
     * Handles a notification.
     *
     * @param notification the notification
     * @param handling what the SDK does with it
     * @return ends with the handling; at once if the notification is of this kind
     */
    Mono<Void> handled(JSONRPCNotification notification, Mono<Void> handling) {
        if (!McpSchema.METHOD_NOTIFICATION_ROOTS_LIST_CHANGED.equals(notification.method())) {
            return handling;
        }
        return Mono.deferContextual(view -> {
            if (state.getAndUpdate(before -> before == IDLE ? ASKING : ASKING_AND_CHANGED) == IDLE) {
                ask(handling.contextWrite(view));
            }
            return Mono.empty();
        });
    }

    private void ask(Mono<Void> handling) {
        handling.doFinally(end -> {
                    if (!state.compareAndSet(ASKING, IDLE)) {
                        state.set(ASKING);
                        ask(handling);
                    }
                })
                .subscribe(null, e -> logger.debug("A client that has other roots could not be asked for them"));
    }
}
