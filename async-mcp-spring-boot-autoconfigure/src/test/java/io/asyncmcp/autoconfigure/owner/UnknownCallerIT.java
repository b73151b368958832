package io.asyncmcp.autoconfigure.owner;

import static io.asyncmcp.autoconfigure.transport.TestServer.call;
import static io.asyncmcp.autoconfigure.transport.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.OperationOwnerResolver;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.ai.mcp.server.webmvc.transport.WebMvcStreamableServerTransportProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@ExtendWith(OutputCaptureExtension.class)
class UnknownCallerIT {

    @Configuration(proxyBeanMethods = false)
    @Import(Users.Servlet.class)
    static class App {

        /** Says nothing about callers: nobody gave it a context extractor. */
        @Bean
        WebMvcStreamableServerTransportProvider transportOfTheApplication() {
            return WebMvcStreamableServerTransportProvider.builder()
                    .mcpEndpoint("/mcp")
                    .build();
        }

        @Bean
        Tools tools() {
            return new Tools();
        }
    }

    static class Tools {

        @AsyncTool
        String run() {
            return "ran";
        }
    }

    @Test
    void isRefusedWhereSpringSecurityIs(CapturedOutput output) {
        try (TestServer server = TestServer.start(
                        WebApplicationType.SERVLET, App.class, "spring.ai.mcp.server.protocol=STREAMABLE");
                McpSyncClient alice = Users.connect(server, "alice")) {
            CallToolResult result = call(alice, "run", Map.of());
            assertThat(result.isError()).isTrue();
            assertThat(text(result)).isEqualTo("This call needs an authenticated caller.");
            assertThat(server.bean(AsyncExecutor.class).operations(OperationQuery.ALL))
                    .isEmpty();
            assertThat(output)
                    .contains("the MCP transport must put " + OperationOwnerResolver.PRINCIPAL_KEY)
                    .contains("context extractor");
        }
    }
}
