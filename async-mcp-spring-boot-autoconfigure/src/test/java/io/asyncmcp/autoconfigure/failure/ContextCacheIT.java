package io.asyncmcp.autoconfigure.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.autoconfigure.transport.Caller;
import io.asyncmcp.server.AsyncTool;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.TestPropertySource;

/** Spring keeps the context of a test class for classes to come, and pauses it while others run. */
class ContextCacheIT {

    private static final String WEBFLUX = "org.springframework.ai.mcp.server.webflux.autoconfigure.";

    private final TestContextManager first = new TestContextManager(First.class);

    private final TestContextManager second = new TestContextManager(Second.class);

    private final TestContextManager third = new TestContextManager(Third.class);

    @SpringBootApplication(
            scanBasePackages = "none",
            excludeName = {
                WEBFLUX + "McpServerSseWebFluxAutoConfiguration",
                WEBFLUX + "McpServerStreamableHttpWebFluxAutoConfiguration",
                WEBFLUX + "McpServerStatelessWebFluxAutoConfiguration"
            })
    static class App {

        private final CountDownLatch never = new CountDownLatch(1);

        @AsyncTool(timeout = "0s")
        String held() throws InterruptedException {
            never.await();
            return "never";
        }

        @Bean
        SecurityFilterChain open(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .csrf(csrf -> csrf.disable())
                    .build();
        }
    }

    @SpringBootTest(
            classes = App.class,
            webEnvironment = WebEnvironment.RANDOM_PORT,
            properties = {
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "spring.main.banner-mode=off",
                "logging.level.root=warn",
                "server.shutdown=immediate",
                "async.mcp.shutdown-timeout=0s"
            })
    abstract static class OfTheSuite {}

    @TestPropertySource(properties = "context=a")
    static class First extends OfTheSuite {}

    @TestPropertySource(properties = "context=b")
    static class Second extends OfTheSuite {}

    /** In the context of the first. */
    @TestPropertySource(properties = "context=a")
    static class Third extends OfTheSuite {}

    @AfterEach
    void close() {
        second.getTestContext().markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
        third.getTestContext().markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
    }

    @Test
    void contextServesAgainThatWasPausedForAnother() throws Exception {
        ConfigurableApplicationContext kept = run(first, new First());
        run(second, new Second());
        assertThat(kept.isRunning()).as("while the second class runs").isFalse();

        assertThat(run(third, new Third())).isSameAs(kept);
    }

    /** Leaves an operation running, as tests do. */
    private static ConfigurableApplicationContext run(TestContextManager suite, Object test) throws Exception {
        suite.beforeTestClass();
        suite.prepareTestInstance(test);
        ConfigurableApplicationContext context =
                (ConfigurableApplicationContext) suite.getTestContext().getApplicationContext();
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        Caller caller = new Caller(port, "").inSession();
        for (Caller.Reply reply :
                new Caller.Reply[] {caller.legacyCall("held", Map.of()), caller.modernCall("held", Map.of())}) {
            assertThat(reply.result().at("/structuredContent/status").asString())
                    .isEqualTo("processing");
        }
        assertThat(context.getBean(AsyncExecutor.class).statistics().working()).isEqualTo(2);
        suite.afterTestClass();
        return context;
    }
}
