package io.asyncmcp.autoconfigure.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.autoconfigure.AsyncExecutorBuilderCustomizer;
import io.asyncmcp.autoconfigure.transport.Caller;
import io.asyncmcp.autoconfigure.transport.TestServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A server for all tests of a class, whose store has threads of its own and fails when a test says so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FaultyServerContract {

    static final String SECRET = "jdbc:secret@host";

    static final Map<String, Object> NOTHING = Map.of();

    @Parameter
    WebApplicationType web;

    private final Class<?> configuration;

    private final List<String> properties;

    TestServer server;

    AsyncExecutor executor;

    Outage outage;

    /** What tools wait for. */
    Semaphore held;

    Caller caller;

    FaultyServerContract(Class<?> configuration, String... properties) {
        this.configuration = configuration;
        this.properties = List.of(properties);
    }

    /** What every such server has. */
    @Configuration(proxyBeanMethods = false)
    static class FaultyStore {

        @Bean
        Outage outage() {
            return new Outage(Duration.ofMinutes(5));
        }

        @Bean(destroyMethod = "shutdownNow")
        ExecutorService storeThreads() {
            return Executors.newCachedThreadPool();
        }

        @Bean
        AsyncExecutorBuilderCustomizer outageCustomizer(Outage outage, ExecutorService storeThreads) {
            return builder -> builder.store(outage).storeThreads(storeThreads);
        }

        @Bean
        Semaphore held() {
            return new Semaphore(0);
        }
    }

    @BeforeParameterizedClassInvocation
    void start() {
        List<String> all = new ArrayList<>(List.of(
                "spring.ai.mcp.server.protocol=STREAMABLE",
                // The failures are expected, and logged as errors.
                "logging.level.io.asyncmcp=off"));
        all.addAll(properties);
        server = TestServer.start(web, configuration, all.toArray(String[]::new));
        executor = server.bean(AsyncExecutor.class);
        outage = server.bean(Outage.class);
        held = server.bean(Semaphore.class);
        caller = new Caller(server, "").inSession();
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    @AfterEach
    void letGo() {
        outage.over();
        held.release(1_000);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(executor.open()).isZero());
        held.drainPermits();
    }

    static List<Supplier<Throwable>> faults() {
        return List.of(
                () -> new IllegalStateException(SECRET),
                () -> new NoClassDefFoundError(SECRET),
                () -> new SQLException(SECRET));
    }
}
