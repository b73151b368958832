package io.asyncmcp.autoconfigure.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.OperationContext;
import io.asyncmcp.autoconfigure.AsyncExecutorBuilderCustomizer;
import io.asyncmcp.autoconfigure.transport.Caller;
import io.asyncmcp.autoconfigure.transport.Caller.Reply;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What clients of every face see when the server shuts down while their operations run and wait in the queue. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
class ShutdownIT {

    private static final Map<String, Object> NOTHING = Map.of();

    private static final int RUNNING = 4;

    @Parameter
    WebApplicationType web;

    private TestServer server;

    private AsyncExecutor executor;

    private Tools tools;

    private Outage outage;

    private Caller caller;

    static class Tools {

        private final Semaphore held = new Semaphore(0);

        private final AtomicInteger returned = new AtomicInteger();

        private final AtomicInteger interrupted = new AtomicInteger();

        @AsyncTool(name = "held", timeout = "5m")
        String held(OperationContext context) throws InterruptedException {
            try {
                held.acquire();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
            returned.incrementAndGet();
            return "held to the end";
        }

        @AsyncTool(name = "probe", timeout = "0s")
        String probe() {
            return "taken";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Config {

        @Bean
        Tools tools() {
            return new Tools();
        }

        @Bean
        Outage outage() {
            return new Outage(Duration.ofMinutes(5));
        }

        @Bean
        AsyncExecutorBuilderCustomizer outageCustomizer(Outage outage) {
            return builder -> builder.store(outage);
        }
    }

    private void start(String grace) {
        server = TestServer.start(
                web,
                Config.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "logging.level.io.asyncmcp=off",
                // As it is by default: what is answered is written before connections are closed.
                "server.shutdown=graceful",
                "async.mcp.max-wait=5m",
                "async.mcp.default-wait-budget=5m",
                // Nobody gets a handle before the shutdown has begun, however slow the machine is.
                "async.mcp.tasks.inline-wait=5m",
                "async.mcp.limits.max-running=" + RUNNING,
                "spring.lifecycle.timeout-per-shutdown-phase=4m",
                "async.mcp.shutdown-timeout=" + grace);
        executor = server.bean(AsyncExecutor.class);
        tools = server.bean(Tools.class);
        outage = server.bean(Outage.class);
        caller = new Caller(server, "").inSession();
    }

    @AfterEach
    void stop() {
        outage.over();
        tools.held.release(100);
        server.close();
    }

    /** Waits of all faces; the first four run, the others are in the queue. */
    private Map<String, CompletableFuture<Reply>> waiting() {
        Map<String, Object> call = Map.of("name", "held", "arguments", NOTHING);
        Map<String, Object> task = Map.of("name", "held", "arguments", NOTHING, "task", NOTHING);
        Map<String, CompletableFuture<Reply>> waits = new LinkedHashMap<>();
        for (String place : List.of("runs", "is queued")) {
            String taskId = caller.legacy("tools/call", task)
                    .result()
                    .path("task")
                    .path("taskId")
                    .asString();
            waits.put("2025 call, " + place, caller.legacyAsync("tools/call", call));
            waits.put("2026 call, " + place, caller.modernAsync(false, "tools/call", call));
            waits.put("2026 call that may be a task, " + place, caller.modernAsync(true, "tools/call", call));
            waits.put("2025 tasks/result, " + place, caller.legacyAsync("tasks/result", Map.of("taskId", taskId)));
            int admitted = waits.size();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> executor.statistics().working()
                                    + executor.statistics().queued()
                            == admitted);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> executor.statistics().waiting() == waits.size());
        assertThat(executor.statistics().working()).isEqualTo(RUNNING);
        assertThat(executor.statistics().queued()).isEqualTo(waits.size() - RUNNING);
        return waits;
    }

    /** With a tool that nobody waits for, should it be taken. */
    private void untilNothingIsTaken() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> caller.legacyCall("probe", NOTHING).text().contains("shutting down"));
    }

    private CompletableFuture<Void> closing() {
        // The common pool may have one thread, which the HTTP client of a newer JDK needs meanwhile.
        return CompletableFuture.runAsync(server::close, task -> new Thread(task, "closing").start());
    }

    @Test
    void whoWaitsGetsTheResultOfWhatEndsWithinTheGrace() {
        start("3m");
        Map<String, CompletableFuture<Reply>> waits = waiting();

        CompletableFuture<Void> closing = closing();
        untilNothingIsTaken();
        tools.held.release(waits.size());

        waits.forEach((way, wait) -> assertThat(wait.join().text()).as(way).isEqualTo("held to the end"));
        closing.join();
        assertThat(tools.returned).hasValue(waits.size());
        assertThat(tools.interrupted).hasValue(0);
    }

    @Test
    void whoWaitsIsToldOfTheCancellationAtTheEndOfTheGrace() {
        start("200ms");
        Map<String, CompletableFuture<Reply>> waits = waiting();

        closing().join();

        waits.forEach((way, wait) -> assertThat(wait.join().text()).as(way).containsIgnoringCase("cancelled"));
        await().atMost(Duration.ofSeconds(20)).until(() -> tools.interrupted.get() == RUNNING);
        assertThat(tools.returned).hasValue(0);
    }

    /** What is counted is only for the log. */
    @Test
    void graceIsGivenThoughTheStoreCannotBeRead() {
        graceIsGivenDuring(
                () -> outage.fails(() -> new IllegalStateException("the database is gone"), Outage.Of.COUNTING));
    }

    @Test
    void graceIsGivenThoughTheStoreStallsWhenItIsCounted() {
        graceIsGivenDuring(() -> outage.stalls(Outage.Of.COUNTING));
    }

    private void graceIsGivenDuring(Runnable beginning) {
        start("3m");
        CompletableFuture<Reply> wait = caller.legacyAsync("tools/call", Map.of("name", "held", "arguments", NOTHING));
        await().atMost(Duration.ofSeconds(20)).until(() -> executor.statistics().waiting() == 1);
        beginning.run();

        CompletableFuture<Void> closing = closing();
        untilNothingIsTaken();
        tools.held.release();

        assertThat(wait.join().text()).isEqualTo("held to the end");
        closing.join();
        assertThat(tools.interrupted).hasValue(0);
    }

    @Test
    void serverEndsThoughTheStoreCannotBeClosed() {
        start("0s");
        outage.fails(() -> new IllegalStateException("the database is gone"), Outage.Of.CLOSING);

        closing().join();

        assertThat(executor)
                .extracting("timer", "timeoutThreads", "callbacks", "engine.threads")
                .hasSize(4)
                .allSatisfy(threads ->
                        assertThat(((ExecutorService) threads).isShutdown()).isTrue());
    }
}
