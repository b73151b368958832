package io.asyncmcp.server.transport;

import io.asyncmcp.server.json.JsonObjects;
import io.asyncmcp.server.transport.Dialect.Handling;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The dialects that a server's transports understand, in their order.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public final class Dialects {

    private final List<Dialect> dialects;

    /** Puts dialects together. */
    public Dialects(List<Dialect> dialects) {
        this.dialects = List.copyOf(dialects);
    }

    /** How a request is handled, by all of them. */
    Handling handle(IncomingRequest request) {
        if (request.request().method().equals(McpSchema.METHOD_INITIALIZE)) {
            return new Initialize(request);
        }
        List<Handling> handlings = new ArrayList<>();
        for (Dialect dialect : dialects) {
            Handling handling = dialect.handle(request);
            if (handling.answers()) {
                return handling;
            }
            if (handling != Handling.AS_IT_IS) {
                handlings.add(handling);
            }
        }
        return switch (handlings.size()) {
            case 0 -> Handling.AS_IT_IS;
            case 1 -> handlings.get(0);
            default -> new Several(handlings);
        };
    }

    /**
     * Adds to the result of {@code initialize} what the dialects have to say.
     *
     * @param result the SDK's result, or the same as JSON
     * @param context the transport context of the request of one of many clients, which says who it is
     * @return the result as JSON
     */
    public Map<String, Object> initialized(Object result, McpTransportContext context) {
        return describe(result, context, false);
    }

    private Map<String, Object> describe(Object result, McpTransportContext context, boolean onlyClient) {
        Map<String, Object> json = new LinkedHashMap<>(JsonObjects.of(result));
        dialects.forEach(dialect -> dialect.initialized(json, context, onlyClient));
        return json;
    }

    void attached(SdkServer server) {
        dialects.forEach(dialect -> dialect.attached(server));
    }

    void broadcast(String method, @Nullable Object params) {
        dialects.forEach(dialect -> dialect.broadcast(method, params));
    }

    boolean notified(String clientId, String method, @Nullable Object params) {
        return dialects.stream().anyMatch(dialect -> dialect.notified(clientId, method, params));
    }

    /** Where {@code initialize} comes in like any other request. */
    private final class Initialize implements Handling {

        private final IncomingRequest request;

        Initialize(IncomingRequest request) {
            this.request = request;
        }

        @Override
        public Object outgoing(Object result) {
            return describe(result, request.context(), request.session().isOnlyClient());
        }
    }

    private record Several(List<Handling> handlings) implements Handling {

        @Override
        public Map<String, Object> context() {
            Map<String, Object> entries = new HashMap<>();
            handlings.forEach(handling -> entries.putAll(handling.context()));
            return entries;
        }

        @Override
        public Object outgoing(Object result) {
            Object changed = result;
            for (Handling handling : handlings) {
                changed = handling.outgoing(changed);
            }
            return changed;
        }
    }
}
