package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.ExecutorConfig.Limits;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

class AsyncStatelessTransportTests {

    private final RequestMemory memory = new RequestMemory(Limits.DEFAULTS);

    private final CompletableFuture<CallToolResult> promise = new CompletableFuture<>();

    /** What the SDK was notified of. */
    private final List<String> notified = new ArrayList<>();

    private McpStatelessServerHandler handler;

    @BeforeEach
    void start() {
        new AsyncStatelessTransport(new Wire(), memory, new Dialects(List.of(new Promising())))
                .setMcpHandler(new Failing());
    }

    private Disposable call() {
        JSONRPCRequest request = new JSONRPCRequest("tools/call", 1, Map.of("name", "report", "arguments", Map.of()));
        return handler.handleRequest(McpTransportContext.EMPTY, request).subscribe();
    }

    @Test
    void requestIsWeighedUntilItsReplyIsThere() {
        Disposable waiting = call();
        assertThat(memory.taken()).isPositive();

        promise.complete(CallToolResult.builder().addTextContent("done").build());
        assertThat(waiting.isDisposed()).isTrue();
        assertThat(memory.taken()).isZero();
    }

    @Test
    void requestOfAClientThatHasGoneIsWeighedAsLongAsSomethingIsWaitedFor() {
        call().dispose();
        assertThat(memory.taken()).as("with the HTTP request").isGreaterThan(32 * 1024);

        promise.complete(CallToolResult.builder().addTextContent("done").build());
        assertThat(memory.taken()).isZero();
    }

    @Test
    void whatJacksonSaysIsKept() {
        JSONRPCRequest failing = new JSONRPCRequest("initialize", 1, Map.of());
        JSONRPCResponse response =
                handler.handleRequest(McpTransportContext.EMPTY, failing).block();
        assertThat(response.error().message()).isEqualTo(RequestRules.MISFIT);
    }

    @Test
    void sdkHasNothingToLogOfNotifications() {
        for (String method : List.of("notifications/initialized", "notifications/roots/list_changed", "other")) {
            handler.handleNotification(McpTransportContext.EMPTY, new JSONRPCNotification(method, Map.of()))
                    .block();
        }
        assertThat(notified).isEmpty();
    }

    /** Has the answer to a call later. */
    private final class Promising implements Dialect {

        @Override
        public Handling handle(IncomingRequest request) {
            return new Handling() {

                @Override
                public boolean answers() {
                    return request.request().method().equals("tools/call");
                }

                @Override
                public CompletionStage<?> result() {
                    return promise;
                }
            };
        }

        @Override
        public void initialized(Map<String, Object> result, McpTransportContext context, boolean onlyClient) {}
    }

    private final class Failing implements McpStatelessServerHandler {

        @Override
        public Mono<JSONRPCResponse> handleRequest(McpTransportContext context, JSONRPCRequest request) {
            return Mono.just(JSONRPCResponse.error(
                    request.id(),
                    new JSONRPCResponse.JSONRPCError(
                            -32603, "Cannot coerce to `Type` (through reference chain: Type[\"a\"])", null)));
        }

        @Override
        public Mono<Void> handleNotification(McpTransportContext context, JSONRPCNotification notification) {
            notified.add(notification.method());
            return Mono.empty();
        }
    }

    private final class Wire implements McpStatelessServerTransport {

        @Override
        public void setMcpHandler(McpStatelessServerHandler wrapped) {
            handler = wrapped;
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }
    }
}
