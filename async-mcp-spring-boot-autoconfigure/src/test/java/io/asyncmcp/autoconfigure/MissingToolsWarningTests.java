package io.asyncmcp.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.server.AsyncTool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class MissingToolsWarningTests {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(AsyncMcpDisabledAutoConfiguration.class))
            .withBean(Tools.class);

    static class Tools {

        @AsyncTool(name = "alone")
        public String alone() {
            return "";
        }

        @AsyncTool
        @McpTool(name = "beside")
        public String beside() {
            return "";
        }
    }

    @Test
    void namesTheToolsThatAreMissing(CapturedOutput output) {
        application
                .withPropertyValues("async.mcp.enabled=false")
                .run(context -> assertThat(output)
                        .contains("async.mcp.enabled is false", "[alone]")
                        .doesNotContain("beside]"));
    }

    @Test
    void saysNothingWhereToolsAreAsynchronous(CapturedOutput output) {
        application.run(context -> {
            assertThat(context).doesNotHaveBean(MissingToolsWarning.class);
            assertThat(output).doesNotContain("async.mcp.enabled");
        });
    }
}
