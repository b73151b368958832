package io.asyncmcp.server.exchange;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.ListRootsResult;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Checks the client's capabilities before the SDK does, whose exceptions about them are for programmers. */
final class CheckedExchange extends McpAsyncServerExchange {

    private final Terms terms;

    CheckedExchange(McpLoggableSession session, ToolCall call, McpTransportContext transportContext) {
        super(call.sessionId(), session, call.capabilities(), call.clientInfo(), transportContext);
        this.terms = call.terms();
    }

    /** Asks, unless the client cannot answer and {@link Terms#missing} has an error for that. */
    private <T> Mono<T> unlessMissing(boolean can, Supplier<Map<String, Object>> required, Supplier<Mono<T>> asked) {
        if (can) {
            return asked.get();
        }
        return Mono.defer(() -> {
            McpError missing = terms.missing(required.get());
            return missing == null ? asked.get() : Mono.error(missing);
        });
    }

    @Override
    public Mono<CreateMessageResult> createMessage(CreateMessageRequest request) {
        ClientCapabilities capabilities = getClientCapabilities();
        return unlessMissing(
                capabilities != null && capabilities.sampling() != null,
                () -> Capabilities.required(McpSchema.METHOD_SAMPLING_CREATE_MESSAGE, null),
                () -> super.createMessage(request));
    }

    @Override
    public Mono<ElicitResult> createElicitation(ElicitRequest request) {
        return unlessMissing(
                Capabilities.canElicit(getClientCapabilities(), request),
                () -> Capabilities.required(McpSchema.METHOD_ELICITATION_CREATE, request),
                () -> super.createElicitation(request));
    }

    /** Every other way to ask for roots leads here. */
    @Override
    public Mono<ListRootsResult> listRoots(String cursor) {
        ClientCapabilities capabilities = getClientCapabilities();
        return unlessMissing(
                capabilities != null && capabilities.roots() != null,
                () -> Capabilities.required(McpSchema.METHOD_ROOTS_LIST, null),
                () -> super.listRoots(cursor));
    }
}
