package io.asyncmcp.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.autoconfigure.transport.Caller;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

/** Spring Boot's meter of HTTP requests knows those to our endpoint, as those to every other. */
class HttpServerRequestsIT {

    private static final long WAITED_MILLIS = 1_500;

    static class Tools {

        @AsyncTool(name = "quick", timeout = "10s")
        String quick() {
            return "done";
        }

        /** So long that its response is an event stream. */
        @AsyncTool(name = "waits", timeout = "10s")
        String waits() throws InterruptedException {
            new CountDownLatch(1).await(WAITED_MILLIS, TimeUnit.MILLISECONDS);
            return "done";
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void everyPostIsRecordedOnceWithItsPathAndItsTime(WebApplicationType web) {
        try (TestServer server = TestServer.start(web, Tools.class, "spring.ai.mcp.server.protocol=STREAMABLE")) {
            MeterRegistry registry = server.bean(MeterRegistry.class);
            Caller caller = new Caller(server, "").inSession();
            assertThat(caller.legacyCall("quick", Map.of()).text()).isEqualTo("done");
            assertThat(caller.modernCall("quick", Map.of()).text()).isEqualTo("done");
            awaitCount(registry, "200", 3);
            awaitCount(registry, "202", 1);

            assertThat(caller.legacyCall("waits", Map.of()).text()).isEqualTo("done");
            awaitCount(registry, "200", 4);
            assertThat(requests(registry, "200"))
                    .as("the time to the end of the response")
                    .allSatisfy(timer ->
                            assertThat(timer.max(TimeUnit.MILLISECONDS)).isGreaterThanOrEqualTo(WAITED_MILLIS));

            caller.inSession("unknown");
            assertThat(caller.legacyCall("quick", Map.of()).status()).isEqualTo(404);
            awaitCount(registry, "404", 1);
            assertThat(registry.get("http.server.requests").timers())
                    .as("nothing of a request that is not said by its path")
                    .allSatisfy(timer -> assertThat(timer.getId().getTag("uri")).isEqualTo("/mcp"));
        }
    }

    /** A response may be there before it is recorded. */
    private static void awaitCount(MeterRegistry registry, String status, long count) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(requests(registry, status))
                        .singleElement()
                        .satisfies(timer -> assertThat(timer.count()).isEqualTo(count)));
    }

    private static Collection<Timer> requests(MeterRegistry registry, String status) {
        return registry.find("http.server.requests")
                .tags("uri", "/mcp", "method", "POST", "status", status)
                .timers();
    }
}
