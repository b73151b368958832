package io.asyncmcp.server.exchange;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.ListRootsResult;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Looks at the client's capabilities before the SDK does, whose exceptions about them are for programmers. */
final class CheckedExchange extends McpAsyncServerExchange {

    private final MissingCapability check;

    CheckedExchange(
            McpLoggableSession session, ToolCall call, McpTransportContext transportContext, MissingCapability check) {
        super(call.sessionId(), session, call.capabilities(), call.clientInfo(), transportContext);
        this.check = check;
    }

    private <T> Mono<T> missing(Map<String, Object> required) {
        return Mono.defer(() -> Mono.error(check.missing(required)));
    }

    @Override
    public Mono<CreateMessageResult> createMessage(CreateMessageRequest request) {
        ClientCapabilities capabilities = getClientCapabilities();
        return capabilities == null || capabilities.sampling() == null
                ? missing(Capabilities.required(McpSchema.METHOD_SAMPLING_CREATE_MESSAGE, null))
                : super.createMessage(request);
    }

    @Override
    public Mono<ElicitResult> createElicitation(ElicitRequest request) {
        if (Capabilities.canElicit(getClientCapabilities(), request)) {
            return super.createElicitation(request);
        }
        return missing(Capabilities.required(McpSchema.METHOD_ELICITATION_CREATE, request));
    }

    /** Every other way to ask for roots leads here. */
    @Override
    public Mono<ListRootsResult> listRoots(String cursor) {
        ClientCapabilities capabilities = getClientCapabilities();
        return capabilities == null || capabilities.roots() == null
                ? missing(Capabilities.required(McpSchema.METHOD_ROOTS_LIST, null))
                : super.listRoots(cursor);
    }
}
