package io.asyncmcp.autoconfigure.owner;

import static io.asyncmcp.autoconfigure.transport.TestServer.call;
import static io.asyncmcp.autoconfigure.transport.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationContext;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.client.McpSyncClient;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** On WebFlux the caller is in the request's reactive chain, and a tool that blocks sees it none the less. */
class ReactiveContextPropagationIT {

    @Configuration(proxyBeanMethods = false)
    @Import(Users.Reactive.class)
    static class App {

        @Bean
        Tools tools() {
            return new Tools();
        }
    }

    static class Tools {

        @AsyncTool
        String whoAmI(OperationContext context) {
            Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
            return context.owner().name() + "|" + (authentication == null ? "nobody" : authentication.getName()) + "|"
                    + LocaleContextHolder.getLocale();
        }
    }

    @ParameterizedTest
    @CsvSource({"STREAMABLE,SYNC", "STREAMABLE,ASYNC", "STATELESS,SYNC"})
    void toolKnowsItsCaller(String protocol, String type) {
        try (TestServer server = TestServer.start(
                        WebApplicationType.REACTIVE,
                        App.class,
                        "spring.ai.mcp.server.protocol=" + protocol,
                        "spring.ai.mcp.server.type=" + type,
                        "async.mcp.threads=platform",
                        "async.mcp.limits.max-running=1");
                McpSyncClient alice = Users.connect(server, "alice");
                McpSyncClient bob = Users.connect(server, "bob");
                McpSyncClient nobody = Users.connect(server, "")) {
            assertThat(text(call(alice, "whoAmI", Map.of()))).isEqualTo("alice|alice|fr");
            assertThat(text(call(nobody, "whoAmI", Map.of()))).endsWith("|nobody|ja");
            assertThat(text(call(bob, "whoAmI", Map.of()))).isEqualTo("bob|bob|it");
        }
    }
}
