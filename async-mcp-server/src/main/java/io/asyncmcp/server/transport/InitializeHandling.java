package io.asyncmcp.server.transport;

import io.asyncmcp.server.transport.Dialect.Handling;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;

/** Notes what is agreed on in {@code initialize}, where that comes in like any other request. */
final class InitializeHandling implements Handling {

    private final JSONRPCRequest request;

    private final KnownClient client;

    private final Handling handling;

    InitializeHandling(JSONRPCRequest request, KnownClient client, Handling handling) {
        this.request = request;
        this.client = client;
        this.handling = handling;
    }

    @Override
    public Object outgoing(Object result) {
        if (result instanceof InitializeResult agreed) {
            // The SDK has read the same params, so that they can be read.
            InitializeRequest itself =
                    McpJsonDefaults.getMapper().convertValue(request.params(), InitializeRequest.class);
            client.introduces(itself.clientInfo(), itself.capabilities());
            client.speaks(agreed.protocolVersion());
        }
        return handling.outgoing(result);
    }
}
