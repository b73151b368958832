package io.asyncmcp.autoconfigure.owner;

import static io.asyncmcp.autoconfigure.transport.TestServer.call;
import static io.asyncmcp.autoconfigure.transport.TestServer.structured;
import static io.asyncmcp.autoconfigure.transport.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationContext;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** What is bound to the request's thread is bound to the operation's, and to that of no operation after it. */
@ParameterizedClass
@ValueSource(strings = {"SYNC", "ASYNC"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContextPropagationIT {

    @Parameter
    String type;

    private TestServer server;

    @Configuration(proxyBeanMethods = false)
    @Import(Users.Servlet.class)
    static class App {

        @Bean
        CuriousTools curiousTools(ObservationRegistry registry) {
            return new CuriousTools(registry);
        }

        @Bean
        @Order(0)
        Filter labels(ObservationRegistry registry) {
            return (request, response, chain) -> {
                String label = ((HttpServletRequest) request).getHeader(Users.LABEL);
                if (label == null || label.equals("none")) {
                    chain.doFilter(request, response);
                    return;
                }
                Observation observation = Observation.start("request of " + label, registry);
                MDC.put("label", label);
                try (Observation.Scope scope = observation.openScope()) {
                    chain.doFilter(request, response);
                } finally {
                    MDC.remove("label");
                    observation.stop();
                }
            };
        }
    }

    static class CuriousTools {

        private final ObservationRegistry registry;

        CuriousTools(ObservationRegistry registry) {
            this.registry = registry;
        }

        @AsyncTool(timeout = "200ms")
        String lookAround(int millis, OperationContext context) throws InterruptedException {
            Thread.sleep(millis);
            Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
            List<String> observations = new ArrayList<>();
            for (ObservationView view = registry.getCurrentObservation();
                    view != null;
                    view = view.getContextView().getParentObservation()) {
                observations.add(view.getContextView().getName());
            }
            return (authentication == null ? "nobody" : authentication.getName()) + "|" + MDC.get("label") + "|"
                    + observations + "|" + LocaleContextHolder.getLocale();
        }
    }

    @BeforeParameterizedClassInvocation
    void start() {
        server = TestServer.start(
                WebApplicationType.SERVLET,
                App.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "spring.ai.mcp.server.type=" + type,
                // One thread, so that every operation comes after another one on it.
                "async.mcp.threads=platform",
                "async.mcp.limits.max-running=1");
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    private static String look(McpSyncClient client, int millis) {
        CallToolResult answer = call(client, "lookAround", Map.of("millis", millis));
        if (structured(answer) == null) {
            return text(answer);
        }
        return text(call(
                client,
                "continue_operation",
                Map.of("operation_id", structured(answer).get("operation_id"))));
    }

    @Test
    void callersContextIsThereAndStaysWithTheCaller() {
        try (McpSyncClient alice = Users.connect(server, "alice", "one");
                McpSyncClient bob = Users.connect(server, "bob", "two");
                McpSyncClient nobody = Users.connect(server, "", "none")) {
            for (int millis : new int[] {0, 600}) {
                assertThat(look(alice, millis))
                        .startsWith("alice|one|")
                        .contains("request of one")
                        .endsWith("|fr");
                assertThat(look(nobody, millis))
                        .matches("(nobody|anonymousUser)\\|null\\|.*")
                        .doesNotContain("request of")
                        .endsWith("|ja");
                assertThat(look(bob, millis))
                        .startsWith("bob|two|")
                        .contains("request of two")
                        .endsWith("|it")
                        .doesNotContain("one");
            }
        }
    }
}
