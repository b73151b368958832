package io.asyncmcp.server.transport;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Opens the SDK's three kinds of server through what they hand to their transports. */
final class SdkServers {

    private static final ClientCapabilities NONE = ClientCapabilities.builder().build();

    private static final Implementation NOBODY =
            Implementation.builder("async-mcp", "0").build();

    private SdkServers() {}

    static SdkServer streamable(McpStreamableServerSession.Factory factory, List<String> versions) {
        return new Streamable(factory, versions);
    }

    static SdkServer singleStream(McpServerSession.Factory factory, List<String> versions) {
        return new SingleStream(factory, versions);
    }

    static SdkServer stateless(McpStatelessServerHandler handler, List<String> versions) {
        return new Stateless(handler, versions);
    }

    private static InitializeRequest initialize(
            List<String> versions, ClientCapabilities capabilities, Implementation info) {
        return InitializeRequest.builder(versions.get(versions.size() - 1), capabilities, info)
                .build();
    }

    private static Mono<InitializeResult> described(SdkServer server, List<String> versions) {
        return Mono.defer(() -> server.open(NONE, NOBODY)
                .handle(
                        new JSONRPCRequest(McpSchema.METHOD_INITIALIZE, 0, initialize(versions, NONE, NOBODY)),
                        message -> Mono.empty(),
                        McpTransportContext.EMPTY)
                .map(response -> (InitializeResult) response.result()));
    }

    /** Every request has a session of its own, which nothing refers to once the request is over. */
    private record Streamable(McpStreamableServerSession.Factory factory, List<String> protocolVersions)
            implements SdkServer {

        @Override
        public Mono<InitializeResult> describe() {
            return Mono.defer(() -> factory.startSession(initialize(protocolVersions, NONE, NOBODY))
                    .initResult());
        }

        @Override
        public Client open(ClientCapabilities capabilities, Implementation info) {
            McpStreamableServerSession session = factory.startSession(initialize(protocolVersions, capabilities, info))
                    .session();
            return new Client() {

                @Override
                public String id() {
                    return session.getId();
                }

                @Override
                public Mono<JSONRPCResponse> handle(
                        JSONRPCRequest request,
                        Function<JSONRPCMessage, Mono<Void>> outgoing,
                        McpTransportContext context) {
                    OneReply transport = new OneReply(outgoing);
                    return transport.replyTo(request, session.responseStream(request, transport), context);
                }

                @Override
                public void close() {
                    session.close();
                }
            };
        }
    }

    private record SingleStream(McpServerSession.Factory factory, List<String> protocolVersions) implements SdkServer {

        @Override
        public Mono<InitializeResult> describe() {
            return described(this, protocolVersions);
        }

        @Override
        public Client open(ClientCapabilities capabilities, Implementation info) {
            OneReply transport = new OneReply(message -> Mono.empty());
            McpServerSession session = factory.create(transport);
            session.init(capabilities, info);
            Mono<Void> initialized =
                    session.handle(new JSONRPCNotification(McpSchema.METHOD_NOTIFICATION_INITIALIZED, null));
            return new Client() {

                @Override
                public String id() {
                    return session.getId();
                }

                @Override
                public Mono<JSONRPCResponse> handle(
                        JSONRPCRequest request,
                        Function<JSONRPCMessage, Mono<Void>> outgoing,
                        McpTransportContext context) {
                    transport.next(outgoing);
                    Mono<Void> handled = session.handle(request);
                    return transport.replyTo(
                            request,
                            request.method().equals(McpSchema.METHOD_INITIALIZE) ? handled : initialized.then(handled),
                            context);
                }

                @Override
                public void close() {
                    session.close();
                }
            };
        }
    }

    private record Stateless(McpStatelessServerHandler handler, List<String> protocolVersions) implements SdkServer {

        @Override
        public Mono<InitializeResult> describe() {
            return described(this, protocolVersions);
        }

        @Override
        public Client open(ClientCapabilities capabilities, Implementation info) {
            return new Client() {

                @Override
                public @Nullable String id() {
                    return null;
                }

                @Override
                public Mono<JSONRPCResponse> handle(
                        JSONRPCRequest request,
                        Function<JSONRPCMessage, Mono<Void>> outgoing,
                        McpTransportContext context) {
                    return Mono.defer(() -> handler.handleRequest(context, request))
                            .switchIfEmpty(Mono.fromSupplier(() -> JsonRpcResponses.noResult(request.id())))
                            .onErrorResume(e -> Mono.just(JsonRpcResponses.failure(request, e)))
                            .map(response -> (JSONRPCResponse) JsonRpcResponses.withoutCauses(response))
                            .contextWrite(c -> c.put(McpTransportContext.KEY, context));
                }

                @Override
                public void close() {
                    // Nothing is kept of a stateless request.
                }
            };
        }
    }

    /** The transport of one request after the other, each of which has one reply. */
    private static final class OneReply implements McpStreamableServerTransport, McpServerTransport {

        private volatile Function<JSONRPCMessage, Mono<Void>> outgoing;

        private final AtomicReference<@Nullable JSONRPCResponse> reply = new AtomicReference<>();

        OneReply(Function<JSONRPCMessage, Mono<Void>> outgoing) {
            this.outgoing = outgoing;
        }

        void next(Function<JSONRPCMessage, Mono<Void>> other) {
            outgoing = other;
            reply.set(null);
        }

        Mono<JSONRPCResponse> replyTo(JSONRPCRequest request, Mono<Void> handled, McpTransportContext context) {
            return handled.then(Mono.fromSupplier(() -> {
                        JSONRPCResponse response = reply.get();
                        return response == null ? JsonRpcResponses.noResult(request.id()) : response;
                    }))
                    .onErrorResume(e -> Mono.just(JsonRpcResponses.failure(request, e)))
                    .map(response -> (JSONRPCResponse) JsonRpcResponses.withoutCauses(response))
                    .contextWrite(c -> c.put(McpTransportContext.KEY, context));
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message) {
            if (message instanceof JSONRPCResponse response) {
                return Mono.fromRunnable(() -> reply.set(response));
            }
            return Mono.defer(() -> outgoing.apply(message));
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message, @Nullable String messageId) {
            return sendMessage(message);
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
            return McpJsonDefaults.getMapper().convertValue(data, typeRef);
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }

        @Override
        public void close() {
            // Its request is over when it has its reply.
        }
    }
}
