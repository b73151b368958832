package io.asyncmcp.web;

import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.transport.Writable;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The SDK's view of an exchange. Sending never blocks; it ends when the response has been written, or, where one stream carries all
 * replies, when the message has been sent. Thread-safe.
 */
final class ExchangeTransport implements McpStreamableServerTransport, Writable.WritesFirst {

    private final HttpExchange exchange;

    private final McpJsonMapper mapper;

    private final boolean carriesReplies;

    private volatile boolean detached;

    private ExchangeTransport(HttpExchange exchange, McpJsonMapper mapper, boolean carriesReplies) {
        this.exchange = exchange;
        this.mapper = mapper;
        this.carriesReplies = carriesReplies;
    }

    /** For an exchange whose response is the reply to its request. */
    static ExchangeTransport ofRequest(HttpExchange exchange, McpJsonMapper mapper) {
        return new ExchangeTransport(exchange, mapper, false);
    }

    /** For an exchange whose response carries the replies to all requests of a session. */
    static ExchangeTransport ofSession(HttpExchange exchange, McpJsonMapper mapper) {
        return new ExchangeTransport(exchange, mapper, true);
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.defer(() -> {
            if (message instanceof JSONRPCResponse response && !carriesReplies) {
                exchange.respond(200, response);
                return Mono.fromCompletionStage(exchange.whenWritten());
            }
            return sent(message);
        });
    }

    private Mono<Void> sent(JSONRPCMessage message) {
        try {
            exchange.send(message);
            return Mono.empty();
        } catch (IOException | RuntimeException e) {
            if (message instanceof JSONRPCNotification notification) {
                Writable.leftOut(notification, e);
                return Mono.empty();
            }
            if (message instanceof JSONRPCResponse response) {
                return sent(Writable.insteadOf(response, e));
            }
            return Mono.error(Writable.refusal(message, e));
        }
    }

    @Override
    public boolean isCut() {
        return exchange.isCut();
    }

    @Override
    public void whenCutOrResumed(Runnable action) {
        exchange.whenCutOrResumed(action);
    }

    @Override
    public CompletionStage<?> lost() {
        return exchange.lost();
    }

    @Override
    public CompletionStage<?> received() {
        return exchange.received();
    }

    @Override
    public CompletionStage<?> gone() {
        return exchange.gone();
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message, @Nullable String messageId) {
        return sendMessage(message);
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return mapper.convertValue(data, type);
    }

    /** The connection is lost and the stream waits for its client, so that closing must not end it. */
    void detach() {
        detached = true;
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(this::close);
    }

    @Override
    public void close() {
        if (!detached) {
            exchange.end();
        }
    }
}
