package io.asyncmcp.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.Progress;
import io.asyncmcp.server.transport.RequestStream;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WaitingRequestTests {

    private final List<JSONRPCMessage> sent = new ArrayList<>();

    private final RequestStream stream = (RequestStream) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {RequestStream.class}, (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "delivery":
                        return (Executor) Runnable::run;
                    case "abandoned", "disconnected":
                        return new CompletableFuture<Void>();
                    case "send":
                        sent.add((JSONRPCMessage) arguments[0]);
                        return null;
                    default:
                        throw new UnsupportedOperationException(method.getName());
                }
            });

    private static final AsyncExecutor UNUSED = (AsyncExecutor) Proxy.newProxyInstance(
            WaitingRequestTests.class.getClassLoader(), new Class<?>[] {AsyncExecutor.class}, (proxy, method, args) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    private static Operation working(@Nullable String message) {
        return new Operation(
                "id",
                "report",
                OperationOwner.APPLICATION,
                OperationStatus.WORKING,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                new Progress(1, 2.0, message),
                List.of(),
                null,
                false,
                null);
    }

    private @Nullable String told(@Nullable String message) {
        sent.clear();
        WaitingRequest.open(UNUSED, new Audience(stream, "token", null, null, null), new LogFollowers(1024))
                .changed(working(message));
        return ((ProgressNotification) ((JSONRPCNotification) sent.get(0)).params()).message();
    }

    @Test
    void progressIsOneLineOfASaneLength() {
        assertThat(told("row 1\nof 2")).isEqualTo("row 1 of 2");
        assertThat(told("x".repeat(100_000))).hasSize(500);
        assertThat(told(null)).isNull();
    }
}
