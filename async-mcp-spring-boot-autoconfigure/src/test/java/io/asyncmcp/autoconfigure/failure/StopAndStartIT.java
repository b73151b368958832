package io.asyncmcp.autoconfigure.failure;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.OperationContext;
import io.asyncmcp.autoconfigure.transport.Caller;
import io.asyncmcp.autoconfigure.transport.Caller.Listening;
import io.asyncmcp.autoconfigure.transport.Caller.Reply;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.modern.ModernFace;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A context that is stopped, or paused as tests do, serves again when it is started; and nobody who listens holds its end up. */
class StopAndStartIT {

    private static final Map<String, Object> NOTHING = Map.of();

    /** Whoever waits for listening clients waits for this long. */
    private static final String PHASE = "spring.lifecycle.timeout-per-shutdown-phase=3m";

    private static final int FAR_LESS_SECONDS = 10;

    static class Tools {

        private final CountDownLatch never = new CountDownLatch(1);

        private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

        @AsyncTool(name = "quick", timeout = "60s")
        String quick() {
            return "done";
        }

        @AsyncTool(name = "held", timeout = "60s")
        String held() throws InterruptedException {
            try {
                never.await();
            } catch (InterruptedException e) {
                ends.add("interrupted");
                throw e;
            }
            return "never";
        }

        @AsyncTool(name = "gentle", timeout = "60s", interruptOnCancel = false)
        String gentle(OperationContext operation) {
            while (!operation.isCancelled()) {
                try {
                    never.await(20, MILLISECONDS);
                } catch (InterruptedException e) {
                    ends.add("gentle one interrupted");
                }
            }
            ends.add("cancelled");
            return "never";
        }

        @McpTool(name = "plain", description = "Says that it was run.")
        String plain() {
            return "plainly";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Config {

        @Bean
        Tools tools() {
            return new Tools();
        }
    }

    private static TestServer start(WebApplicationType web, String protocol) {
        return TestServer.start(
                web,
                Config.class,
                "spring.ai.mcp.server.protocol=" + protocol,
                "logging.level.io.asyncmcp=off",
                "server.shutdown=graceful",
                "async.mcp.shutdown-timeout=100ms",
                PHASE);
    }

    private static void inTime(Runnable step) throws Exception {
        CompletableFuture.runAsync(step, task -> new Thread(task, "lifecycle").start())
                .get(FAR_LESS_SECONDS, SECONDS);
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void streamable(WebApplicationType web) throws Exception {
        try (TestServer server = start(web, "STREAMABLE")) {
            Caller caller = new Caller(server, "").inSession();
            assertServes(caller);
            Listeners before = listeners(server, caller);
            CompletableFuture<Reply> held =
                    caller.legacyAsync("tools/call", Map.of("name", "held", "arguments", NOTHING));
            CompletableFuture<Reply> gentle =
                    caller.legacyAsync("tools/call", Map.of("name", "gentle", "arguments", NOTHING));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.bean(AsyncExecutor.class).statistics().waiting() == 2);

            inTime(server::stop);

            before.assertEnded();
            assertThat(held.join().text()).containsIgnoringCase("cancelled");
            assertThat(gentle.join().text()).containsIgnoringCase("cancelled");
            BlockingQueue<String> ends = server.bean(Tools.class).ends;
            assertThat(List.of(ends.poll(FAR_LESS_SECONDS, SECONDS), ends.poll(FAR_LESS_SECONDS, SECONDS)))
                    .containsExactlyInAnyOrder("interrupted", "cancelled");
            inTime(server::start);
            Caller again = new Caller(server, "").inSession(caller.session());
            assertServes(again);
            Listeners after = listeners(server, again);
            inTime(server::pause);
            inTime(server::goOn);
            after.assertEnded();
            assertServes(new Caller(server, "").inSession());
            Listeners last = listeners(server, again);
            inTime(server::close);
            last.assertEnded();
        }
    }

    private static void assertServes(Caller caller) {
        assertThat(caller.legacyCall("quick", NOTHING).text()).isEqualTo("done");
        assertThat(caller.modernCall("quick", NOTHING).text()).isEqualTo("done");
        assertThat(caller.legacyCall("plain", NOTHING).text()).isEqualTo("plainly");
        assertThat(caller.modernCall("plain", NOTHING).text()).isEqualTo("plainly");
    }

    private record Listeners(Listening session, Listening subscription) {

        /** The server may break a stream off when everything has been said on it. */
        void assertEnded() throws Exception {
            for (Listening each : List.of(session, subscription)) {
                each.ended().handle((end, broken) -> true).get(FAR_LESS_SECONDS, SECONDS);
            }
            assertThat(subscription.lines()).anyMatch(line -> line.contains("\"resultType\":\"complete\""));
        }
    }

    /** Both ways in which a client listens. */
    private static Listeners listeners(TestServer server, Caller caller) {
        Listening session = caller.listen();
        Listening subscription =
                caller.listen("subscriptions/listen", Map.of("notifications", Map.of("toolsListChanged", true)));
        McpStreamableServerTransportProvider transport = server.bean(McpStreamableServerTransportProvider.class);
        // Headers may not go out before there is something to say.
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            transport.notifyClients("notifications/tools/list_changed", null).block();
            return session.lines().stream().anyMatch(line -> line.contains("list_changed"))
                    && server.bean(ModernFace.class).subscriptions() == 1;
        });
        assertThat(session.ended()).isNotDone();
        assertThat(subscription.ended()).isNotDone();
        return new Listeners(session, subscription);
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void stateless(WebApplicationType web) throws Exception {
        try (TestServer server = start(web, "STATELESS")) {
            assertServes(new Caller(server, ""));
            inTime(server::stop);
            inTime(server::start);
            assertServes(new Caller(server, ""));
            inTime(server::pause);
            inTime(server::goOn);
            assertServes(new Caller(server, ""));
            inTime(server::close);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void sse(WebApplicationType web) throws Exception {
        try (TestServer server = start(web, "SSE")) {
            McpSyncClient client = server.connectBySse();
            assertThat(TestServer.text(TestServer.call(client, "quick", NOTHING)))
                    .isEqualTo("done");

            inTime(server::stop);
            inTime(server::start);

            McpSyncClient again = server.connectBySse();
            assertThat(TestServer.text(TestServer.call(again, "quick", NOTHING)))
                    .isEqualTo("done");
            inTime(server::close);
        }
    }
}
