package io.asyncmcp.autoconfigure.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Flux;

/** Far more calls at once than there is room for. */
class OverloadIT {

    private static final int CALLS = 1000;

    static class Tools {

        @Bean
        BusyTools busyTools() {
            return new BusyTools();
        }
    }

    /** Opened when all that there is no room for have been refused. */
    private static volatile CountDownLatch gate = new CountDownLatch(1);

    static class BusyTools {

        @AsyncTool(name = "busy", timeout = "50s")
        String busy(int number) throws InterruptedException {
            gate.await();
            return "done";
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void everyCallIsAnsweredAndNothingIsLeft(WebApplicationType web) {
        gate = new CountDownLatch(1);
        try (TestServer server = TestServer.start(
                web,
                Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "async.mcp.wait-budgets[0].client=*",
                "async.mcp.wait-budgets[0].budget=50s",
                "async.mcp.limits.max-running=2",
                "async.mcp.limits.max-queued=2",
                "async.mcp.limits.owner-share=100")) {
            var transport = HttpClientStreamableHttpTransport.builder("http://localhost:" + server.port())
                    .build();
            McpAsyncClient client = McpClient.async(transport)
                    .requestTimeout(Duration.ofSeconds(60))
                    .build();
            client.initialize().block(Duration.ofSeconds(20));
            AtomicInteger refusals = new AtomicInteger();
            List<CallToolResult> results = Flux.range(0, CALLS)
                    .flatMap(i -> client.callTool(new CallToolRequest("busy", Map.of("number", i), null)), CALLS)
                    .doOnNext(result -> {
                        if (Boolean.TRUE.equals(result.isError()) && refusals.incrementAndGet() == CALLS - 4) {
                            gate.countDown();
                        }
                    })
                    .collectList()
                    .block(Duration.ofSeconds(90));
            assertThat(results).hasSize(CALLS);
            List<CallToolResult> refused = results.stream()
                    .filter(result -> Boolean.TRUE.equals(result.isError()))
                    .toList();
            assertThat(refused).hasSize(CALLS - 4).allSatisfy(result -> {
                assertThat(TestServer.structured(result))
                        .containsEntry("status", "busy")
                        .containsEntry("operation_type", "busy")
                        .hasEntrySatisfying(
                                "retry_after_seconds",
                                seconds -> assertThat(((Number) seconds).intValue())
                                        .isPositive());
                assertThat(TestServer.text(result)).contains("busy was not started", "again after");
            });
            assertThat(results)
                    .filteredOn(result -> !Boolean.TRUE.equals(result.isError()))
                    .extracting(TestServer::text)
                    .containsOnly("done");
            Idle.await(server.bean(AsyncExecutor.class));
            assertThat(server.bean(AsyncExecutor.class).statistics().retained()).isZero();
            assertThat(TestServer.text(client.callTool(new CallToolRequest("busy", Map.of("number", CALLS), null))
                            .block(Duration.ofSeconds(20))))
                    .isEqualTo("done");
            client.closeGracefully().block(Duration.ofSeconds(10));
        }
    }
}
