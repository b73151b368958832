package io.asyncmcp.autoconfigure;

import static io.asyncmcp.autoconfigure.ContextRunners.ASYNC;
import static io.asyncmcp.autoconfigure.ContextRunners.SSE;
import static io.asyncmcp.autoconfigure.ContextRunners.STATELESS;
import static io.asyncmcp.autoconfigure.ContextRunners.STREAMABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

class AsyncMcpToolsAutoConfigurationTests {

    private static void has(Class<?> type, String... properties) {
        String name = List.of(properties).contains(ASYNC)
                ? "asyncMcpReactiveToolSpecifications"
                : "asyncMcpToolSpecifications";
        server(properties).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBeanNamesForType(List.class))
                    .filteredOn(bean -> bean.startsWith("asyncMcp"))
                    .containsExactly(name);
            assertThat((List<?>) context.getBean(name)).hasSize(1).hasOnlyElementsOfType(type);
        });
    }

    private static WebApplicationContextRunner server(String... properties) {
        return ContextRunners.webMvc().withPropertyValues(properties);
    }

    @Test
    void matchesTheKindOfServer() {
        has(McpServerFeatures.SyncToolSpecification.class, STREAMABLE);
        has(McpServerFeatures.SyncToolSpecification.class, SSE);
        has(McpServerFeatures.SyncToolSpecification.class);
        has(McpServerFeatures.AsyncToolSpecification.class, STREAMABLE, ASYNC);
        has(McpStatelessServerFeatures.SyncToolSpecification.class, STATELESS);
        has(McpStatelessServerFeatures.AsyncToolSpecification.class, STATELESS, ASYNC);
    }
}
