package io.asyncmcp.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.store.InMemoryOperationStore;
import io.asyncmcp.store.OperationStore;
import io.asyncmcp.web.McpHttpEndpoint;
import io.asyncmcp.web.SseHttpEndpoint;
import io.asyncmcp.web.StreamableHttpEndpoint;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The log says at the start what there is, and why clients cannot reach it. */
@ExtendWith(OutputCaptureExtension.class)
class StartupLogTests {

    private static final String STDIO = "spring.ai.mcp.server.stdio=true";

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(AsyncMcpStartupCheck.class);

    private final InputStream standardInput = System.in;

    /** The tests' own is how Maven talks to them. */
    @BeforeEach
    void replaceStandardInput() {
        System.setIn(InputStream.nullInputStream());
        LOGGER.setLevel(Level.INFO);
    }

    @AfterEach
    void giveStandardInputBack() {
        System.setIn(standardInput);
        LOGGER.setLevel(null);
    }

    static class Tools {

        @AsyncTool(timeout = "2m")
        public String render() {
            return "";
        }

        @AsyncTool(timeout = "500ms")
        public String count() {
            return "";
        }

        @AsyncTool
        public String wait_() {
            return "";
        }
    }

    @Test
    void oneLineSaysWhatIsAsynchronous(CapturedOutput output) {
        ContextRunners.webMvc()
                .withPropertyValues(ContextRunners.STREAMABLE)
                .withBean(Tools.class)
                .run(context -> assertThat(output)
                        .containsOnlyOnce(
                                "3 asynchronous tools, with how long a call waits at most: [count 500ms, render 55s,"
                                        + " wait_ 15s]. Operations are kept in the memory of this process."));
        assertThat(output).doesNotContain("reads standard input");
    }

    @Test
    void oneLineNamesTheStoreOfTheApplication(CapturedOutput output) {
        ContextRunners.webMvc()
                .withPropertyValues(ContextRunners.STREAMABLE)
                .withBean(AsyncExecutorBuilderCustomizer.class, () -> builder -> builder.store(table()))
                .run(context -> assertThat(output).contains("Operations are kept in a table of ours."));
    }

    private static OperationStore table() {
        OperationStore store = new InMemoryOperationStore(Duration.ofMinutes(1), System::nanoTime);
        return (OperationStore) Proxy.newProxyInstance(
                StartupLogTests.class.getClassLoader(),
                new Class<?>[] {OperationStore.class},
                (proxy, method, arguments) ->
                        method.getName().equals("description") ? "a table of ours" : method.invoke(store, arguments));
    }

    @Test
    void stdioInAWebApplication(CapturedOutput output) {
        ContextRunners.webMvc()
                .withUserConfiguration(ContextRunners.NoStandardInput.class)
                .withPropertyValues(STDIO)
                .run(context -> assertThat(output)
                        .contains("spring.ai.mcp.server.stdio is true", "/mcp answers 404", "Remove the setting"));
    }

    @Test
    void webApplicationWithoutATransport(CapturedOutput output) {
        ContextRunners.webWithoutTransport()
                .withClassLoader(new FilteredClassLoader(McpHttpEndpoint.class))
                .withPropertyValues(ContextRunners.SSE)
                .run(context -> assertThat(output)
                        .contains("There is no HTTP transport", "Add spring-ai-starter-mcp-server-webmvc"));
    }

    @Test
    void endpointNeedsNoTransportOfSpringAis(CapturedOutput output) {
        ContextRunners.webWithoutTransport()
                .withPropertyValues(ContextRunners.STREAMABLE)
                .run(context -> {
                    assertThat(context).hasSingleBean(StreamableHttpEndpoint.class);
                    assertThat(output).doesNotContain("There is no HTTP transport");
                });
        ContextRunners.webWithoutTransport()
                .withPropertyValues(ContextRunners.SSE)
                .run(context -> {
                    assertThat(context).hasSingleBean(SseHttpEndpoint.class);
                    assertThat(output).doesNotContain("There is no HTTP transport");
                });
    }

    @Test
    void noWebApplication(CapturedOutput output) {
        ContextRunners.stdio()
                .run(context -> assertThat(output)
                        .contains("This is no web application", "set spring.ai.mcp.server.stdio=true"));
    }

    @Test
    void saysNothingWhereStandardInputIsMeant(CapturedOutput output) {
        ContextRunners.stdio()
                .withPropertyValues(STDIO)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain("reads standard input");
    }
}
