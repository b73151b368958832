package io.asyncmcp.autoconfigure;

import static io.asyncmcp.autoconfigure.ContextRunners.ASYNC;
import static io.asyncmcp.autoconfigure.ContextRunners.STATELESS;
import static io.asyncmcp.autoconfigure.ContextRunners.STREAMABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.server.McpAsyncServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.tool.ToolCallbackProvider;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.method.MethodToolCallbackProvider;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import reactor.core.publisher.Mono;

/** What cannot work is said when the application starts: the subject, the value, the rule and the remedy. */
class StartupFailureTests {

    private final WebApplicationContextRunner server = ContextRunners.webMvc().withPropertyValues(STREAMABLE);

    /** The last line of Spring Boot's own analyses of a property. */
    private static final String CORRECT_IT = "Update your application's configuration";

    private static void fails(WebApplicationContextRunner runner, String problem, String remedy) {
        fails(runner, List.of(problem), remedy);
    }

    private static void fails(WebApplicationContextRunner runner, List<String> problem, String remedy) {
        AtomicReference<Environment> environment = new AtomicReference<>();
        runner.withInitializer(context -> environment.set(context.getEnvironment()))
                .run(context -> {
                    assertThat(context).hasFailed();
                    List<String> messages = new ArrayList<>();
                    for (Throwable error = context.getStartupFailure(); error != null; error = error.getCause()) {
                        messages.add(String.valueOf(error.getMessage()));
                    }
                    // The last one is what people look at first.
                    assertThat(messages.get(messages.size() - 1)).contains(problem);
                    assertThat(analysis(environment.get(), context.getStartupFailure()))
                            .hasValueSatisfying(analysis -> {
                                assertThat(analysis.getDescription()).contains(problem);
                                assertThat(analysis.getAction()).contains(remedy);
                            });
                });
    }

    /** What Spring Boot prints in the place of a stack trace. */
    private static Optional<FailureAnalysis> analysis(Environment environment, Throwable failure) {
        SpringFactoriesLoader.ArgumentResolver arguments = SpringFactoriesLoader.ArgumentResolver.of(
                        Environment.class, environment)
                .and(BeanFactory.class, new DefaultListableBeanFactory());
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, arguments, (type, name, error) -> {})
                .stream()
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .findFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "default-timeout,0s,async.mcp.default-timeout must be positive",
        "default-timeout,-1s,async.mcp.default-timeout must be positive",
        "max-lifetime,0s,async.mcp.max-lifetime must be positive",
        "retention-period,0s,async.mcp.retention-period must be positive",
        "cleanup-interval,0s,async.mcp.cleanup-interval must be positive",
        "max-wait,0s,async.mcp.max-wait must be positive",
        "input-timeout,0s,async.mcp.input-timeout must be positive",
        "default-wait-budget,0s,async.mcp.default-wait-budget must be positive",
        "stateless-wait-budget,0s,async.mcp.stateless-wait-budget must be positive",
        "heartbeat-interval,0s,async.mcp.heartbeat-interval must be positive",
        "shutdown-timeout,-1s,async.mcp.shutdown-timeout must not be negative",
        "tasks.max-ttl,0s,async.mcp.tasks.max-ttl must be positive",
        "tasks.poll-interval,-1s,async.mcp.tasks.poll-interval must be positive",
        "tasks.page-size,0,'async.mcp.tasks.page-size must be at least 1, but was 0'",
        "limits.max-running,0,'async.mcp.limits.max-running must be at least 1, but was 0'",
        "limits.max-queued,-1,'async.mcp.limits.max-queued must be at least 0, but was -1'",
        "limits.max-per-owner,-1,'async.mcp.limits.max-per-owner must be at least 0, but was -1'",
        "limits.max-argument-size,0B,'async.mcp.limits.max-argument-size must be at least 1, but was 0'",
        "limits.max-result-size,-1B,'async.mcp.limits.max-result-size must be at least 1, but was -1'",
        "limits.max-retained-size,-1B,'async.mcp.limits.max-retained-size must be at least 0, but was -1'",
        "limits.max-retained-size,1MB,async.mcp.limits.max-retained-size must not be less than",
        "security.allowed-hosts,https://example.com,'without a scheme or a path, but was https://example.com'",
        "security.allowed-origins,example.com,'with a scheme and without a path, but was example.com'",
        "tools.render.timeout,-1s,async.mcp.tools.render.timeout must not be negative",
        "tools.render.max-lifetime,0s,async.mcp.tools.render.max-lifetime must be positive",
        "tools.render.max-active,-1,async.mcp.tools.render.max-active must not be negative",
        "continue-tool.name,'',async.mcp.continue-tool.name must not be blank",
        "cancel-tool.name,' ',async.mcp.cancel-tool.name must not be blank",
        "list-tool.name,'',async.mcp.list-tool.name must not be blank",
    })
    void valueOutOfRangeNamesTheProperty(String property, String value, String message) {
        fails(server.withPropertyValues("async.mcp." + property + "=" + value), message, CORRECT_IT);
    }

    @Test
    void budgetOfAClientMustBePositive() {
        fails(
                server.withPropertyValues(
                        "async.mcp.wait-budgets[0].client=my client", "async.mcp.wait-budgets[0].budget=0s"),
                "async.mcp.wait-budgets[].budget of my client must be positive",
                CORRECT_IT);
    }

    @Test
    void overrideForAToolThatDoesNotExist() {
        fails(
                server.withBean(Render.class).withPropertyValues("async.mcp.tools.rendr.timeout=1s"),
                "async.mcp.tools.rendr names a tool that does not exist. The tools are [render].",
                "Correct the name");
    }

    static class Render {

        @AsyncTool
        String render() {
            return "";
        }
    }

    @Test
    void settingOfAToolThatThereIsNot() {
        fails(
                server.withBean(Render.class).withPropertyValues("async.mcp.tools.render.timout=1s"),
                "async.mcp.tools.render.timout is no setting of a tool",
                "Tools have [enabled, timeout, max-lifetime");
        fails(
                server.withBean(Render.class).withInitializer(variable("ASYNC_MCP_TOOLS_RENDER_TIMOUT", "1s")),
                "ASYNC_MCP_TOOLS_RENDER_TIMOUT is no setting of a tool",
                "Tools have");
    }

    @Test
    void nameWithDotsAndWithoutBrackets() {
        fails(
                server.withBean(Render.class).withPropertyValues("async.mcp.tools.a.render.max-lifetime=1s"),
                "async.mcp.tools.a.render.max-lifetime sets nothing",
                "async.mcp.tools[a.render].max-lifetime");
    }

    @Test
    void variableForAToolThatDoesNotExist() {
        fails(
                server.withBean(Render.class).withInitializer(variable("ASYNC_MCP_TOOLS_YEARLY_REPORT_TIMEOUT", "1s")),
                "ASYNC_MCP_TOOLS_YEARLY_REPORT_... names a tool that does not exist. The tools are [render].",
                "Correct the name");
        fails(
                server.withBean(Twins.class).withInitializer(variable("ASYNC_MCP_TOOLS_TWIN_TOOL_TIMEOUT", "1s")),
                List.of("could mean each of the tools", "twin_tool", "twinTool"),
                "Set async.mcp.tools.<name> in another way");
    }

    static class Twins {

        @AsyncTool
        String twinTool() {
            return "";
        }

        @AsyncTool(name = "twin_tool")
        String other() {
            return "";
        }
    }

    static ApplicationContextInitializer<ConfigurableApplicationContext> variable(String name, String value) {
        return context -> context.getEnvironment()
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", Map.of(name, value)));
    }

    @Test
    void whatDescribesAToolIsSaidInOnePlace() {
        fails(
                server.withBean(Described.class),
                List.of("sets [name, description], but beside @McpTool", "its name is draw"),
                "Set [name, description] in @McpTool");
    }

    static class Described {

        @McpTool(name = "draw")
        @AsyncTool(name = "render", description = "Renders")
        public String draw() {
            return "";
        }
    }

    @ParameterizedTest
    @CsvSource({"STREAMABLE_HTTP", "''", "http"})
    void protocolThatIsNone(String protocol) {
        fails(
                ContextRunners.webMvc().withPropertyValues("spring.ai.mcp.server.protocol=" + protocol),
                List.of("spring.ai.mcp.server.protocol", "[STREAMABLE, STATELESS, SSE]"),
                "Review the value");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void virtualThreadsOfAJdkThatHasNone() {
        fails(server.withPropertyValues("async.mcp.threads=virtual"), "no virtual threads", "Review the value");
    }

    @Test
    void switchingOffAToolThatNothingPlainIsLeftOf() {
        fails(
                server.withBean(Render.class).withPropertyValues("async.mcp.tools.render.enabled=false"),
                "async.mcp.tools.render.enabled must not be false",
                "Put @McpTool beside");
    }

    @Test
    void toolWithTheNameOfAGeneratedOne() {
        fails(
                server.withBean(Clash.class),
                "The application has a tool named continue_operation",
                "async.mcp.continue-tool.name");
        server.withBean(Clash.class)
                .withPropertyValues("async.mcp.continue-tool.name=come_back")
                .run(context -> assertThat(context).hasNotFailed());
        fails(
                server.withBean(PlainClash.class),
                "The application has a tool named continue_operation",
                "async.mcp.continue-tool.name");
    }

    static class Clash {

        @AsyncTool(name = "continue_operation")
        String mine() {
            return "";
        }
    }

    static class PlainClash {

        @McpTool(name = "continue_operation")
        public String mine() {
            return "";
        }
    }

    @Test
    void generatedToolsOfOneName() {
        fails(
                server.withPropertyValues(
                        "async.mcp.list-tool.enabled=true", "async.mcp.list-tool.name=continue_operation"),
                List.of("async.mcp.list-tool.name must differ from async.mcp.continue-tool.name", "continue_operation"),
                CORRECT_IT);
    }

    @Test
    void twoToolsOfOneName() {
        fails(
                server.withBean(Render.class).withBean(RenderToo.class),
                "have the same tool name render",
                "Give one of them another name");
    }

    static class RenderToo {

        @AsyncTool(name = "render")
        String again() {
            return "";
        }
    }

    private static final List<String> TAKEN = List.of(
            "StartupFailureTests$Render.render()", "has the same tool name render as another tool of the application");

    @Test
    void asyncToolWithTheNameOfAPlainTool() {
        fails(server.withBean(Render.class).withBean(PlainRender.class), TAKEN, "Give one of them another name");
    }

    static class PlainRender {

        @McpTool(name = "render")
        public String plain() {
            return "";
        }
    }

    @Test
    void durationThatIsNone() {
        fails(
                server.withBean(BadDuration.class),
                List.of("@AsyncTool on", "soon", "timeout must be a duration such as 5s"),
                "Correct the annotation");
    }

    static class BadDuration {

        @AsyncTool(timeout = "soon")
        String render() {
            return "";
        }
    }

    @Test
    void durationOutOfRange() {
        fails(
                server.withBean(NegativeDuration.class),
                List.of("@AsyncTool on", "max-lifetime must be positive"),
                "Correct the annotation");
    }

    static class NegativeDuration {

        @AsyncTool(maxLifetime = "-5s")
        String render() {
            return "";
        }
    }

    @Test
    void toolOfSpringAiThatTakesAnOperationContext() {
        fails(
                server.withUserConfiguration(ContextInTool.class),
                "must not take an OperationContext",
                "Use @AsyncTool without @Tool");
    }

    @Configuration(proxyBeanMethods = false)
    static class ContextInTool {

        @Tool
        @AsyncTool
        String render(OperationContext context) {
            return "";
        }

        @Bean
        static ToolCallbackProvider tools() {
            return MethodToolCallbackProvider.builder()
                    .toolObjects(new ContextInTool())
                    .build();
        }
    }

    private static final String ALONE = "must not take an OperationContext without being asynchronous";

    @Test
    void plainToolThatTakesAnOperationContext() {
        fails(
                server.withBean(ContextInMcpTool.class),
                List.of("@McpTool method", ALONE),
                "Put @AsyncTool beside @McpTool, or set async.mcp.tools.draw.enabled=true");
        fails(
                server.withBean(ContextInMcpTool.class).withPropertyValues("async.mcp.tools.draw.enabled=false"),
                ALONE,
                "Put @AsyncTool beside @McpTool");
        fails(
                server.withBean(ContextInPlainTool.class),
                "must not take an OperationContext",
                "Use @AsyncTool without @Tool");
    }

    @Test
    void plainToolThatTakesAnOperationContextIsMadeAsynchronousByTheConfiguration() {
        server.withBean(ContextInMcpTool.class)
                .withPropertyValues("async.mcp.tools.draw.timeout=5s")
                .run(context -> assertThat(context.getBean(McpSyncServer.class).listTools())
                        .filteredOn(tool -> tool.name().equals("draw"))
                        .singleElement()
                        .satisfies(tool -> assertThat(tool.inputSchema().toString())
                                .contains("width")
                                .doesNotContain("context")));
    }

    static class ContextInMcpTool {

        @McpTool(name = "draw")
        public String draw(int width, OperationContext context) {
            return "";
        }
    }

    static class ContextInPlainTool {

        @Tool
        String render(OperationContext context) {
            return "";
        }
    }

    @Test
    void lazyApplicationFailsAtTheStartToo() {
        WebApplicationContextRunner lazy = server.withInitializer(
                context -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()));
        fails(
                lazy.withBean(Render.class).withPropertyValues("async.mcp.tools.rendr.timeout=1s"),
                "async.mcp.tools.rendr names a tool that does not exist",
                "Correct the name");
        fails(lazy.withBean(ContextInMcpTool.class), ALONE, "Put @AsyncTool beside @McpTool");
        fails(lazy.withBean(BadDuration.class), "timeout must be a duration such as 5s", "Correct the annotation");
        fails(lazy.withBean(Render.class).withBean(PlainRender.class), TAKEN, "Give one of them another name");
    }

    @Test
    void lazyApplicationHasItsServerAndItsTools() {
        server.withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withBean(Render.class)
                .withBean(Beside.class)
                .withPropertyValues("async.mcp.tools.beside.timeout=1s", "async.mcp.tools.plain.timeout=1s")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBeanFactory().containsSingleton("mcpSyncServer"))
                            .isTrue();
                    assertThat(context.getBean(McpSyncServer.class).listTools())
                            .extracting(McpSchema.Tool::name)
                            .contains("render", "beside", "plain", "continue_operation");
                });
    }

    static class Beside {

        @McpTool
        @AsyncTool
        public String beside() {
            return "";
        }

        @McpTool
        public String plain() {
            return "";
        }
    }

    @Test
    void statelessServerHasNoExchange() {
        WebApplicationContextRunner stateless = ContextRunners.webMvc().withPropertyValues(STATELESS);
        fails(
                stateless.withBean(AloneWithExchange.class),
                "must not take a McpSyncServerExchange on a STATELESS server",
                STREAMABLE);
        fails(
                stateless.withBean(AloneWithRequestContext.class),
                "must not take a McpSyncRequestContext on a STATELESS server",
                STREAMABLE);
        fails(
                stateless.withBean(BesideWithExchange.class),
                "must not take a McpSyncServerExchange on a STATELESS server",
                STREAMABLE);
        fails(
                stateless.withBean(BesideWithRequestContext.class),
                "must not take a McpSyncRequestContext on a STATELESS server",
                STREAMABLE);
    }

    static class AloneWithExchange {

        @AsyncTool
        String render(McpSyncServerExchange exchange) {
            return "";
        }
    }

    static class AloneWithRequestContext {

        @AsyncTool
        String render(McpSyncRequestContext context) {
            return "";
        }
    }

    static class BesideWithExchange {

        @McpTool
        @AsyncTool
        public String render(McpSyncServerExchange exchange) {
            return "";
        }
    }

    static class BesideWithRequestContext {

        @McpTool
        @AsyncTool
        public String render(McpSyncRequestContext context) {
            return "";
        }
    }

    @Test
    void toolsOfSpringAiWithoutAProviderAreNamedAllAtOnce() {
        fails(
                server.withBean(NoProvider.class),
                List.of("did not become tools", "NoProvider.first()", "NoProvider.second()"),
                "Add the beans to a MethodToolCallbackProvider");
    }

    static class NoProvider {

        @Tool
        @AsyncTool
        String first() {
            return "";
        }

        @Tool
        @AsyncTool
        String second() {
            return "";
        }
    }

    @Test
    void serverWithoutToolsSaysWhichItWouldHave() {
        fails(
                server.withBean(Render.class).withPropertyValues("spring.ai.mcp.server.capabilities.tool=false"),
                List.of("spring.ai.mcp.server.capabilities.tool is false", "[render]"),
                "Remove the setting");
    }

    @Test
    void toolInAScopeOfRequests() {
        fails(
                server.withUserConfiguration(OfARequest.class),
                List.of("StartupFailureTests$Render.render()", "of scope request"),
                "Make the bean a singleton or a prototype");
    }

    @Configuration(proxyBeanMethods = false)
    static class OfARequest {

        @Bean
        @Scope("request")
        Render render() {
            return new Render();
        }
    }

    @Test
    void mcpToolThatSpringAiLeavesOutIsATool() {
        server.withBean(Reactive.class)
                .run(context -> assertThat(context.getBean(McpSyncServer.class).listTools())
                        .extracting(McpSchema.Tool::name)
                        .contains("render"));
        server.withPropertyValues(ASYNC)
                .withBean(Imperative.class)
                .run(context -> assertThat(context.getBean(McpAsyncServer.class)
                                .listTools()
                                .collectList()
                                .block())
                        .extracting(McpSchema.Tool::name)
                        .contains("render"));
    }

    static class Reactive {

        @McpTool
        @AsyncTool
        public Mono<String> render() {
            return Mono.empty();
        }
    }

    static class Imperative {

        @McpTool
        @AsyncTool
        public String render() {
            return "";
        }
    }
}
