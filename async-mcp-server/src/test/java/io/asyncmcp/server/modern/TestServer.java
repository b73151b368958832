package io.asyncmcp.server.modern;

import io.asyncmcp.server.transport.SdkServer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The SDK's server, as far as a test says what it does. */
final class TestServer implements SdkServer {

    final List<JSONRPCRequest> requests = new ArrayList<>();

    /** The ids of the clients that are open. */
    final List<String> clients = new ArrayList<>();

    /** Makes the response to a request; an empty result if nobody says anything else. */
    BiFunction<JSONRPCRequest, McpTransportContext, JSONRPCResponse> handler =
            (request, context) -> JSONRPCResponse.result(request.id(), Map.of());

    private int opened;

    @Override
    public Mono<InitializeResult> describe() {
        return Mono.error(new UnsupportedOperationException());
    }

    @Override
    public List<String> protocolVersions() {
        return List.of("2025-11-25");
    }

    @Override
    public Client open(ClientCapabilities capabilities, Implementation info) {
        String id = "client-" + ++opened;
        clients.add(id);
        return new Client() {

            @Override
            public String id() {
                return id;
            }

            @Override
            public Mono<JSONRPCResponse> handle(
                    JSONRPCRequest request,
                    Function<JSONRPCMessage, Mono<Void>> outgoing,
                    McpTransportContext context) {
                return Mono.fromSupplier(() -> {
                    requests.add(request);
                    return handler.apply(request, context);
                });
            }

            @Override
            public void close() {
                clients.remove(id);
            }
        };
    }
}
