package io.asyncmcp.autoconfigure.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationInterceptor;
import io.asyncmcp.autoconfigure.transport.Caller.Reply;
import io.asyncmcp.server.AsyncTool;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

/** What becomes of calls whose store stalls or throws once they have been taken in: they get what they came for, in time. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
class StallIT extends FaultyServerContract {

    private static final int INVALID_REQUEST = -32600;

    /** More than there are timeout threads. */
    private static final int MANY = 6;

    StallIT() {
        super(
                Config.class,
                "async.mcp.tasks.inline-wait=300ms",
                "management.endpoints.web.exposure.include=asyncoperations,health");
    }

    static class Tools {

        private final Semaphore held;

        Tools(Semaphore held) {
            this.held = held;
        }

        @AsyncTool(name = "promoted", timeout = "300ms")
        String promoted() throws InterruptedException {
            held.acquire();
            return "held";
        }

        @AsyncTool(name = "secured")
        String secured() {
            return "never";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(FaultyServerContract.FaultyStore.class)
    static class Config {

        @Bean
        OperationInterceptor security() {
            return (body, options) -> {
                if (options.type().equals("secured")) {
                    throw new SecurityException(SECRET);
                }
                return body;
            };
        }

        @Bean
        Tools tools(Semaphore held) {
            return new Tools(held);
        }
    }

    /** Calls of every face that get a handle. */
    private Map<String, CompletableFuture<Reply>> calls() {
        Map<String, Object> call = Map.of("name", "promoted", "arguments", NOTHING);
        Map<String, Object> task = Map.of("name", "promoted", "arguments", NOTHING, "task", NOTHING);
        Map<String, CompletableFuture<Reply>> calls = new LinkedHashMap<>();
        for (int i = 0; i < MANY; i++) {
            calls.put("call " + i, caller.legacyAsync("tools/call", call));
            calls.put("2026 call " + i, caller.modernAsync(false, "tools/call", call));
            calls.put("2026 call that becomes a task " + i, caller.modernAsync(true, "tools/call", call));
            calls.put("2025 task " + i, caller.legacyAsync("tools/call", task));
        }
        return calls;
    }

    private CompletableFuture<Operation> shortLived() {
        ExecuteOptions options = ExecuteOptions.ofType("short-lived").withMaxLifetime(Duration.ofMillis(500));
        return executor.executeAsync(context -> new CompletableFuture<>(), options)
                .toCompletableFuture();
    }

    private static void assertTheirLifetimeEnds(CompletableFuture<Operation> shortLived) {
        assertThat(shortLived)
                .succeedsWithin(Duration.ofSeconds(20))
                .satisfies(end -> assertThat(end.failure())
                        .extracting(OperationFailure::reason)
                        .isEqualTo(OperationFailure.Reason.LIFETIME_EXCEEDED));
    }

    private void assertHandle(String way, Reply reply) {
        assertThat(reply.body())
                .as(way)
                .containsPattern("(?i)task_?id|operation_id")
                .doesNotContain("internal");
    }

    @Test
    void handlesAreGivenInTimeWhileLookUpsStall() {
        outage.stalls(Outage.Of.FINDING);

        Map<String, CompletableFuture<Reply>> calls = calls();

        calls.forEach((way, call) ->
                assertHandle(way, call.orTimeout(20, TimeUnit.SECONDS).join()));
        assertTheirLifetimeEnds(shortLived());
    }

    @Test
    void timeOutsOfOthersComeWhileHandlesCannotBeMade() {
        Map<String, Object> call = Map.of("name", "promoted", "arguments", NOTHING);
        outage.stalls(Outage.Of.PUBLISHING);
        List<CompletableFuture<Reply>> calls = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            calls.add(caller.legacyAsync("tools/call", call));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> outage.stalled() == MANY);

        assertTheirLifetimeEnds(shortLived());

        outage.over();
        calls.forEach(each -> assertHandle("call", each.join()));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void handlesAreGivenThoughNothingCanBeLookedUp(Supplier<Throwable> fault) {
        outage.fails(fault::get, Outage.Of.FINDING);

        calls().forEach((way, call) -> assertHandle(way, call.join()));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void endpointsSayThatTheStoreIsAwayAndNotWhy(Supplier<Throwable> fault) throws Exception {
        outage.fails(fault::get, Outage.Of.LISTING, Outage.Of.COUNTING);

        HttpResponse<String> operations = actuator("asyncoperations");
        HttpResponse<String> health = actuator("health");

        assertThat(operations.statusCode()).isEqualTo(500);
        assertThat(operations.body()).doesNotContain(SECRET);
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(health.body()).contains("DOWN").doesNotContain(SECRET);
        outage.over();
        assertThat(actuator("asyncoperations").statusCode()).isEqualTo(200);
        assertThat(actuator("health").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> actuator(String endpoint) throws Exception {
        URI address = URI.create("http://localhost:" + server.port() + "/actuator/" + endpoint);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address)
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        BodyHandlers.ofString());
    }

    @Test
    void whoMayNotIsToldSoAlsoWhenAskingForATask() {
        JsonNode error = caller.legacy("tools/call", Map.of("name", "secured", "arguments", NOTHING, "task", NOTHING))
                .message()
                .path("error");

        assertThat(error.path("code").asInt()).isEqualTo(INVALID_REQUEST);
        assertThat(error.path("message").asString()).contains("authenticated").doesNotContain(SECRET);
        assertThat(caller.legacyCall("secured", NOTHING).text()).contains("authenticated");
    }
}
