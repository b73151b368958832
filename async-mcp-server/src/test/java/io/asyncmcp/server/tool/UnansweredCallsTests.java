package io.asyncmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.server.exchange.Terms;
import io.asyncmcp.server.exchange.ToolCall;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnansweredCallsTests {

    private static final OperationOwner ALICE = OperationOwner.principal("alice");

    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");

    private static <T> T proxy(Class<T> type, String method, Object answer) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        return answer;
                    }
                    throw new UnsupportedOperationException(called.getName());
                }));
    }

    private static Operation operation(OperationStatus status, @Nullable Instant endedAt) {
        return new Operation(
                "an-operation",
                "report",
                ALICE,
                status,
                Instant.EPOCH,
                Instant.EPOCH,
                endedAt,
                null,
                null,
                List.of(),
                null,
                false,
                null);
    }

    private static final ToolCall CALL = new ToolCall(
            new CallToolRequest("report", Map.of("year", 2026), null),
            McpTransportContext.EMPTY,
            "session",
            null,
            null,
            null,
            Terms.USUAL);

    @ParameterizedTest
    @CsvSource({
        "WORKING, , true",
        "INPUT_REQUIRED, , true",
        "COMPLETED, PT0S, true",
        "COMPLETED, PT60S, true",
        "COMPLETED, PT61S, false",
        "FAILED, PT1S, false",
        "CANCELLED, PT1S, false"
    })
    void runThatEndedAWhileAgoIsNotTakenForAFreshOne(
            OperationStatus status, @Nullable Duration sinceItsEnd, boolean offered) {
        Operation run = operation(status, sinceItsEnd == null ? null : NOW.minus(sinceItsEnd));
        UnansweredCalls unanswered = new UnansweredCalls(
                proxy(AsyncExecutor.class, "findAsync", CompletableFuture.completedFuture(run)),
                Clock.fixed(NOW, ZoneOffset.UTC),
                Duration.ofHours(1));
        unanswered.add(ALICE, CALL, StartedRun.of(run.requireId()));

        Optional<String> taken =
                unanswered.take(ALICE, CALL).toCompletableFuture().join();

        assertThat(taken).isEqualTo(offered ? Optional.of("an-operation") : Optional.empty());
    }
}
