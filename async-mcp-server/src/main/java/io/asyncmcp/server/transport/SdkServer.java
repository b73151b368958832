package io.asyncmcp.server.transport;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The SDK's server behind a wrapped transport, open to requests that belong to none of the transport's sessions.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public interface SdkServer {

    /**
     * Says what the server would answer to {@code initialize}.
     *
     * @return the result
     */
    Mono<InitializeResult> describe();

    /**
     * Returns the protocol versions of the transport's sessions.
     *
     * @return the versions, oldest first
     */
    List<String> protocolVersions();

    /**
     * Makes a client that the transport knows nothing of.
     *
     * @param capabilities what it can do
     * @param info who it says it is
     * @return the client; to be closed if it has subscribed to something
     */
    Client open(ClientCapabilities capabilities, Implementation info);

    /** A client of the SDK's server. */
    interface Client extends AutoCloseable {

        /** Returns the id of its session, or {@code null} if the server knows no sessions. */
        @Nullable
        String id();

        /**
         * Has a request handled.
         *
         * @param request the request
         * @param outgoing takes what the handler sends before the reply
         * @param context the transport context that the handler gets
         * @return the reply, never empty and never an error signal
         */
        Mono<JSONRPCResponse> handle(
                JSONRPCRequest request, Function<JSONRPCMessage, Mono<Void>> outgoing, McpTransportContext context);

        @Override
        void close();
    }
}
