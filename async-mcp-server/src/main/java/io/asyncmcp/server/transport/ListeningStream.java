package io.asyncmcp.server.transport;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The stream on which a client of Streamable HTTP listens between its requests; tells when it is closed. */
final class ListeningStream implements McpStreamableServerTransport, ClientSession.Listening {

    private final McpStreamableServerTransport transport;

    private final EndActions atClose = new EndActions();

    ListeningStream(McpStreamableServerTransport transport) {
        this.transport = transport;
    }

    @Override
    public void send(JSONRPCMessage message) {
        Writable.checked(message, transport)
                .flatMap(transport::sendMessage)
                .onErrorComplete()
                .subscribe();
    }

    @Override
    public Runnable atClose(Runnable action) {
        return atClose.add(action);
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return transport.sendMessage(message);
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message, @Nullable String messageId) {
        return transport.sendMessage(message, messageId);
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
        return transport.unmarshalFrom(data, typeRef);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return transport.closeGracefully().doFinally(end -> atClose.end());
    }

    @Override
    public void close() {
        transport.close();
        atClose.end();
    }
}
