package io.asyncmcp.server.transport;

import io.asyncmcp.server.ContextPropagation;
import io.micrometer.context.ContextSnapshot;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Wraps a stateless transport, on WebMVC or WebFlux, so that no thread waits for an operation.
 *
 * <p>The reply is composed. A transport that blocks on it holds its thread. Thread-safe.
 *
 * @since 0.1.0
 */
public final class AsyncStatelessTransport implements McpStatelessServerTransport {

    /** What WebFlux keeps of an HTTP request. The reply is waited for also if the client has gone, which nobody tells. */
    private static final long HTTP_REQUEST = 32 * 1024;

    private final McpStatelessServerTransport transport;

    private final RequestMemory memory;

    private final Dialects dialects;

    /**
     * Wraps a transport.
     *
     * @param transport the transport
     * @param memory what requests may take up that are not answered yet
     * @param dialects what is understood besides the SDK's protocol
     */
    public AsyncStatelessTransport(McpStatelessServerTransport transport, RequestMemory memory, Dialects dialects) {
        this.transport = transport;
        this.memory = memory;
        this.dialects = dialects;
    }

    @Override
    public void setMcpHandler(McpStatelessServerHandler handler) {
        dialects.attached(SdkServers.stateless(handler, protocolVersions()));
        transport.setMcpHandler(new Handler(handler, memory, dialects));
    }

    @Override
    public List<String> protocolVersions() {
        return transport.protocolVersions();
    }

    @Override
    public Mono<Void> closeGracefully() {
        return transport.closeGracefully();
    }

    @Override
    public void close() {
        transport.close();
    }

    private record Handler(McpStatelessServerHandler handler, RequestMemory memory, Dialects dialects)
            implements McpStatelessServerHandler {

        @Override
        public Mono<JSONRPCResponse> handleRequest(McpTransportContext context, McpSchema.JSONRPCRequest request) {
            return PrincipalContext.known(view -> context).flatMap(caller -> {
                ReplyOnly stream = new ReplyOnly(ContextPropagation.capture(caller.view()));
                return Mono.using(
                                () -> memory.open(
                                        PrincipalContext.caller(caller.context()),
                                        HTTP_REQUEST + RequestMemory.weigh(request.params())),
                                opened -> handled(caller.context(), request, stream),
                                // What was promised to a client that has gone is waited for all the same.
                                opened -> stream.promise().whenComplete((reply, error) -> opened.run()))
                        .onErrorResume(e -> Mono.just(JsonRpcResponses.failure(request, e)));
            });
        }

        private Mono<JSONRPCResponse> handled(
                McpTransportContext context, McpSchema.JSONRPCRequest given, ReplyOnly stream) {
            if (RequestRules.isMisfit(given)) {
                return Mono.just(JsonRpcResponses.invalidParams(given.id()));
            }
            McpSchema.JSONRPCRequest request = RequestRules.known(given);
            Dialect.Handling handling =
                    dialects.handle(new IncomingRequest(request, context, StatelessClient.INSTANCE, stream));
            if (handling.answers()) {
                return late(stream, request.id(), handling.result());
            }
            McpTransportContext known = new LayeredTransportContext(context, handling.context());
            return handler.handleRequest(known, SdkLogs.printable(request))
                    .switchIfEmpty(Mono.fromSupplier(() -> JsonRpcResponses.noResult(request.id())))
                    .map(response -> (JSONRPCResponse)
                            JsonRpcResponses.withoutCauses(JsonRpcResponses.outgoing(response, handling)))
                    .contextWrite(c -> c.put(McpTransportContext.KEY, known));
        }

        private static Mono<JSONRPCResponse> late(ReplyOnly stream, Object id, CompletionStage<?> promise) {
            stream.promise(promise);
            return Mono.fromCompletionStage(
                    promise.handle((result, error) -> JsonRpcResponses.response(id, result, error)));
        }

        @Override
        public Mono<Void> handleNotification(McpTransportContext context, McpSchema.JSONRPCNotification notification) {
            // Without sessions the SDK does nothing with them but log that nobody handles them.
            return Mono.empty();
        }
    }

    private static final class ReplyOnly implements RequestStream {

        private final ContextSnapshot contextSnapshot;

        private volatile CompletionStage<?> promise = CompletableFuture.completedStage(null);

        ReplyOnly(ContextSnapshot contextSnapshot) {
            this.contextSnapshot = contextSnapshot;
        }

        /** The reply comes when this ends. */
        void promise(CompletionStage<?> reply) {
            promise = reply;
        }

        /** Has ended if nothing was promised. */
        CompletionStage<?> promise() {
            return promise;
        }

        @Override
        public ContextSnapshot contextSnapshot() {
            return contextSnapshot;
        }

        @Override
        public boolean isBidirectional() {
            return false;
        }

        @Override
        public Executor delivery() {
            return task -> {
                throw new RejectedExecutionException("nothing is delivered before the reply of a stateless request");
            };
        }

        @Override
        public void send(McpSchema.JSONRPCMessage message) {
            // A stateless request has one reply and nothing else.
        }

        @Override
        public boolean isLoggingAllowed(McpSchema.LoggingLevel level) {
            return false;
        }

        @Override
        public CompletionStage<@Nullable Void> disconnected() {
            return new CompletableFuture<>();
        }

        /** Nothing ties a notification to a request here. */
        @Override
        public CompletionStage<@Nullable Void> abandoned() {
            return new CompletableFuture<>();
        }
    }
}
