package io.asyncmcp.server.exchange;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.json.JsonObjects;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The session behind a detached exchange: what a tool sends ends up in its operation. */
final class DetachedSession implements McpLoggableSession {

    private static final Logger logger = LoggerFactory.getLogger(DetachedSession.class);

    private final OperationContext context;

    private final LogFollowers followers;

    DetachedSession(OperationContext context, LogFollowers followers) {
        this.context = context;
        this.followers = followers;
    }

    /** Elicitation, sampling and roots become input requests of the operation; the answer may take its time. */
    @Override
    public <T> Mono<T> sendRequest(String method, @Nullable Object params, TypeRef<T> typeRef) {
        if (McpSchema.METHOD_PING.equals(method)) {
            // Nobody may be there at the moment, which says nothing about the client.
            return Mono.empty();
        }
        return Mono.defer(() -> {
                    requireWritable(method, params);
                    return Mono.fromCompletionStage(context.requestInput(method, params));
                })
                .map(answer -> McpJsonDefaults.getMapper()
                        .convertValue(
                                McpSchema.METHOD_ROOTS_LIST.equals(method) ? withoutCursor(answer) : answer, typeRef));
    }

    /** The protocol has no pages of roots, but the SDK asks for more as long as there is a cursor. */
    private static Object withoutCursor(Object answer) {
        Map<String, Object> page = JsonObjects.copy(answer);
        page.remove("nextCursor");
        return page;
    }

    /** Fails while the tool can be told: later only the log would say so, and the question would wait in vain. */
    private static void requireWritable(String method, @Nullable Object params) {
        try {
            McpJsonDefaults.getMapper().convertValue(params, Object.class);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("the params of " + method + " cannot be written as JSON", e);
        }
    }

    @Override
    public Mono<Void> sendNotification(String method, @Nullable Object params) {
        return Mono.fromRunnable(() -> {
            if (params instanceof McpSchema.ProgressNotification progress) {
                context.progress(progress.progress(), progress.total(), progress.message());
            } else if (params instanceof McpSchema.LoggingMessageNotification message) {
                followers.log(message);
            } else {
                logger.debug("A tool's notification {} has no place in an operation and was dropped", method);
            }
        });
    }

    /** Lets every level pass: which ones a client wants is asked where the message is sent. */
    @Override
    public boolean isNotificationForLevelAllowed(McpSchema.LoggingLevel level) {
        return true;
    }

    @Override
    public void setMinLoggingLevel(McpSchema.LoggingLevel level) {
        // The level belongs to the client's session, not to the operation.
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }

    @Override
    public void close() {
        // There is nothing to close: the operation ends by itself.
    }
}
