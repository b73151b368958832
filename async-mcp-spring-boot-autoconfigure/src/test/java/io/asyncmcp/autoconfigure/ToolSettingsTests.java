package io.asyncmcp.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.engine.OperationThreads;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.tool.AsyncToolCatalog;
import io.modelcontextprotocol.server.McpSyncServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.env.MockEnvironment;

/** What is said about one tool, in its annotation and outside, takes effect. */
class ToolSettingsTests {

    private final WebApplicationContextRunner server = ContextRunners.webMvc()
            .withPropertyValues(ContextRunners.STREAMABLE, "patience=7s", "what=report")
            .withBean(Tools.class);

    static class Tools {

        @AsyncTool(
                name = "yearly_report",
                description = "Writes a ${what}",
                title = "${title:}",
                timeout = "${patience}")
        public String yearly() {
            return "";
        }

        @AsyncTool(name = "${prefix:big}_sum")
        public String sum() {
            return "";
        }

        @McpTool(name = "a.b")
        public String dotted() {
            return "";
        }

        @AsyncTool(maxActive = 3)
        public String renderPicture() {
            return "";
        }
    }

    private static AsyncToolSettings settings(ApplicationContext context, String tool) {
        return context.getBean(AsyncToolCatalog.class).settingsOf(tool).orElseThrow();
    }

    @Test
    void annotationMayHavePlaceholders() {
        server.run(context -> {
            assertThat(settings(context, "yearly_report").timeout()).isEqualTo(Duration.ofSeconds(7));
            assertThat(context.getBean(McpSyncServer.class).listTools())
                    .filteredOn(tool -> tool.name().equals("yearly_report"))
                    .singleElement()
                    .satisfies(tool -> assertThat(tool.description()).isEqualTo("Writes a report"))
                    .satisfies(tool -> assertThat(tool.title()).isEqualTo("yearly_report"));
            assertThat(settings(context, "big_sum").timeout()).isNull();
        });
    }

    @Test
    void nameWithDotsIsInBrackets() {
        server.withPropertyValues("async.mcp.tools[a.b].timeout=4s")
                .run(context -> assertThat(settings(context, "a.b").timeout()).isEqualTo(Duration.ofSeconds(4)));
    }

    @ParameterizedTest
    @CsvSource({
        "ASYNC_MCP_TOOLS_YEARLY_REPORT_TIMEOUT, yearly_report",
        "ASYNC_MCP_TOOLS_YEARLYREPORT_TIMEOUT, yearly_report",
        "ASYNC_MCP_TOOLS_RENDERPICTURE_TIMEOUT, renderPicture",
        "ASYNC_MCP_TOOLS_A_B_TIMEOUT, a.b",
    })
    void variableNamesATool(String variable, String tool) {
        server.withInitializer(StartupFailureTests.variable(variable, "9s"))
                .run(context -> assertThat(settings(context, tool).timeout()).isEqualTo(Duration.ofSeconds(9)));
    }

    @Test
    void variablesAndOtherSettingsAddUp() {
        server.withInitializer(StartupFailureTests.variable("ASYNC_MCP_TOOLS_RENDERPICTURE_MAX_LIFETIME", "9s"))
                .withPropertyValues("async.mcp.tools.renderPicture.timeout=2s")
                .run(context -> {
                    AsyncToolSettings settings = settings(context, "renderPicture");
                    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(settings.maxLifetime()).isEqualTo(Duration.ofSeconds(9));
                    assertThat(settings.maxActive()).isEqualTo(3);
                });
    }

    @ParameterizedTest
    @CsvSource({"auto, , AUTO", "auto, true, AUTO", "auto, false, PLATFORM", "platform, true, PLATFORM"})
    void threadsAreThoseThatTheApplicationWants(String threads, String virtual, OperationThreads.Kind kind) {
        MockEnvironment environment = new MockEnvironment();
        if (virtual != null) {
            environment.setProperty("spring.threads.virtual.enabled", virtual);
        }
        server.withPropertyValues("async.mcp.threads=" + threads)
                .run(context -> assertThat(
                                context.getBean(AsyncMcpProperties.class).threadKind(environment))
                        .isEqualTo(kind));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledForJreRange(min = JRE.JAVA_21)
    void operationsRunOnThoseThreads(boolean virtual) {
        server.withPropertyValues("spring.threads.virtual.enabled=" + virtual).run(context -> {
            String thread = context.getBean(AsyncExecutor.class)
                    .execute(operation -> Thread.currentThread().toString(), ExecuteOptions.ofType("where"))
                    .resultAs(String.class)
                    .orElseThrow();
            assertThat(thread).startsWith(virtual ? "VirtualThread[" : "Thread[");
        });
    }
}
