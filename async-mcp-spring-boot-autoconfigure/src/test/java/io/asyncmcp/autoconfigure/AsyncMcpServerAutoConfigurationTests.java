package io.asyncmcp.autoconfigure;

import static io.asyncmcp.autoconfigure.ContextRunners.STREAMABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.autoconfigure.http.AsyncMcpHttpAutoConfiguration;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.WaitBudgets;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.question.InputAnswers;
import io.asyncmcp.server.tool.AsyncToolCatalog;
import io.asyncmcp.server.tool.AsyncTools;
import io.asyncmcp.server.tool.FailureLog;
import io.asyncmcp.server.tool.GeneratedTools;
import io.asyncmcp.server.tool.OperationCalls;
import io.asyncmcp.server.tool.ToolFace;
import io.asyncmcp.server.transport.DeliveryThreads;
import io.asyncmcp.server.transport.HostAndOriginRules;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityException;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityValidator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.security.web.SecurityFilterChain;

@ExtendWith(OutputCaptureExtension.class)
class AsyncMcpServerAutoConfigurationTests {

    private final WebApplicationContextRunner runner = ContextRunners.webMvc().withPropertyValues(STREAMABLE);

    @Test
    void thereByDefault() {
        runner.run(context -> assertThat(context)
                .hasSingleBean(AsyncTools.class)
                .hasSingleBean(AsyncToolCatalog.class)
                .hasSingleBean(GeneratedTools.class)
                .hasSingleBean(OperationCalls.class)
                .hasSingleBean(InputAnswers.class)
                .hasSingleBean(Answers.class)
                .hasSingleBean(WaitBudgets.class)
                .hasSingleBean(DeliveryThreads.class)
                .hasSingleBean(OperationOwnerResolver.class)
                .hasSingleBean(AsyncMcpStartupCheck.class)
                .hasSingleBean(HostAndOriginRules.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"async.mcp.enabled=false", "spring.ai.mcp.server.enabled=false"})
    void offByProperty(String property) {
        runner.withPropertyValues(property)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(AsyncTools.class)
                        .doesNotHaveBean(AsyncMcpStartupCheck.class)
                        .doesNotHaveBean(AsyncToolListPostProcessor.class)
                        .doesNotHaveBean(StdioTransportPostProcessor.class)
                        .doesNotHaveBean("asyncMcpToolSpecifications")
                        .doesNotHaveBean("asyncMcpStreamableTransport"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.modelcontextprotocol.spec.McpSchema",
                "org.springframework.ai.mcp.annotation.McpTool",
                "org.springframework.ai.mcp.server"
            })
    void offWithoutItsClasses(String name) {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AsyncMcpAutoConfiguration.class,
                        AsyncMcpServerAutoConfiguration.class,
                        AsyncMcpToolsAutoConfiguration.class,
                        AsyncMcpTransportAutoConfiguration.class,
                        AsyncMcpHttpAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(name))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(AsyncExecutor.class)
                        .doesNotHaveBean(DeliveryThreads.class));
    }

    @Test
    void backsOffForTheApplicationsOwnerResolver() {
        OperationOwnerResolver own = (context, sessionId) -> OperationOwner.principal("everybody");
        runner.withBean("own", OperationOwnerResolver.class, () -> own)
                .run(context -> assertThat(context)
                        .getBean(OperationOwnerResolver.class)
                        .isSameAs(own));
    }

    @Test
    void backsOffForTheApplicationsBudgetsAnswersThreadsAndValidator() {
        DeliveryThreads threads = new DeliveryThreads(Executors.newCachedThreadPool());
        ServerTransportSecurityValidator validator = headers -> {};
        runner.withBean("budgets", WaitBudgets.class, () -> WaitBudgets.DEFAULTS)
                .withBean("answers", Answers.class, () -> new Answers("continue_operation", "test"))
                .withBean("threads", DeliveryThreads.class, () -> threads)
                .withBean("validator", ServerTransportSecurityValidator.class, () -> validator)
                .run(context -> {
                    assertThat(context)
                            .hasSingleBean(WaitBudgets.class)
                            .hasSingleBean(Answers.class)
                            .doesNotHaveBean("asyncMcpAnswers")
                            .doesNotHaveBean("asyncMcpWaitBudgets");
                    assertThat(context.getBean(DeliveryThreads.class)).isSameAs(threads);
                    assertThat(context.getBean(ServerTransportSecurityValidator.class))
                            .isSameAs(validator);
                });
    }

    @Test
    void backsOffForTheApplicationsFailureLog() {
        FailureLog own = new FailureLog();
        runner.withBean("own", FailureLog.class, () -> own)
                .run(context -> assertThat(context).getBean(FailureLog.class).isSameAs(own));
    }

    /** A client with several servers may show their tools side by side. */
    @Test
    void generatedToolsSayWhoseTheyAre() {
        runner.withPropertyValues("spring.ai.mcp.server.name=weather").run(context -> {
            List<?> tools = context.getBean("asyncMcpToolSpecifications", List.class);
            assertThat(tools)
                    .isNotEmpty()
                    .allSatisfy(tool -> assertThat(((McpServerFeatures.SyncToolSpecification) tool)
                                    .tool()
                                    .description())
                            .contains("on the server \"weather\"")
                            .doesNotContain("{server}"));
        });
    }

    @Test
    void backsOffForTheApplicationsCatalogGeneratedToolsAndCalls() {
        runner.run(context -> {
            AsyncToolCatalog catalog = new AsyncToolCatalog(context.getBeanFactory(), Map.of());
            GeneratedTools generated = new GeneratedTools(
                    context.getBean(OperationCalls.class),
                    context.getBean(Answers.class),
                    new GeneratedTools.Naming("mine", "Mine."),
                    null,
                    null);
            AsyncTools tools = new AsyncTools(
                    catalog, context.getBean(OperationCalls.class), generated, context.getBean(ToolFace.class));
            InputAnswers inputs = new InputAnswers(
                    context.getBean(AsyncExecutor.class), context.getBean(OperationOwnerResolver.class));
            runner.withBean("catalog", AsyncToolCatalog.class, () -> catalog)
                    .withBean("generated", GeneratedTools.class, () -> generated)
                    .withBean("tools", AsyncTools.class, () -> tools)
                    .withBean("inputs", InputAnswers.class, () -> inputs)
                    .run(own -> {
                        assertThat(own.getBean(AsyncToolCatalog.class)).isSameAs(catalog);
                        assertThat(own.getBean(GeneratedTools.class)).isSameAs(generated);
                        assertThat(own.getBean(AsyncTools.class)).isSameAs(tools);
                        assertThat(own.getBean(InputAnswers.class)).isSameAs(inputs);
                    });
        });
    }

    @Test
    void callerMustBeKnownWhereSpringSecurityIs() {
        runner.run(context -> assertThatThrownBy(() ->
                        context.getBean(OperationOwnerResolver.class).resolve(McpTransportContext.EMPTY, "session"))
                .isInstanceOf(SecurityException.class)
                .hasMessageContaining(OperationOwnerResolver.PRINCIPAL_KEY));
        runner.withClassLoader(new FilteredClassLoader(SecurityFilterChain.class))
                .run(context -> assertThat(context.getBean(OperationOwnerResolver.class)
                                .resolve(McpTransportContext.EMPTY, "session"))
                        .isEqualTo(OperationOwner.session("session")));
    }

    @ParameterizedTest
    @CsvSource({
        "'', example.com, ",
        "'', 10.0.0.7, https://10.0.0.7",
        "async.mcp.security.allowed-hosts=example.com, example.com, https://example.com",
        "async.mcp.security.allowed-hosts=localhost:*, localhost:8080, ",
        "async.mcp.security.allowed-origins=https://a.example, example.com, https://a.example",
        "server.address=127.0.0.1, localhost, ",
        "server.address=0.0.0.0, example.com, ",
    })
    void hostsAndOriginsThatAreTaken(String property, String host, String origin) {
        runner.withPropertyValues(property.isEmpty() ? "unused=" : property)
                .run(context ->
                        assertThatCode(() -> validate(context, host, origin)).doesNotThrowAnyException());
    }

    @ParameterizedTest
    @CsvSource({
        "'', 10.0.0.7, https://evil.example",
        "'', example.com, https://example.com",
        "async.mcp.security.allowed-hosts=localhost:*, example.com, ",
        "async.mcp.security.allowed-origins=https://a.example, example.com, https://example.com",
        "server.address=127.0.0.1, example.com, ",
        "server.address=::1, example.com, ",
        "server.address=localhost, example.com, ",
    })
    void hostsAndOriginsThatAreRefused(String property, String host, String origin) {
        runner.withPropertyValues(property.isEmpty() ? "unused=" : property)
                .run(context -> assertThatThrownBy(() -> validate(context, host, origin))
                        .isInstanceOf(ServerTransportSecurityException.class));
    }

    private static void validate(ApplicationContext context, String host, String origin)
            throws ServerTransportSecurityException {
        Map<String, List<String>> headers = new HashMap<>(Map.of("host", List.of(host)));
        if (origin != null) {
            headers.put("origin", List.of(origin));
        }
        context.getBean(ServerTransportSecurityValidator.class).validateHeaders(headers);
    }

    @Test
    void generatedToolsAreNamedByProperties() {
        runner.withPropertyValues("async.mcp.continue-tool.name=come_back", "async.mcp.cancel-tool.enabled=true")
                .run(context -> assertThat(context.getBean(AsyncTools.class).syncTools())
                        .extracting(tool -> tool.tool().name())
                        .containsExactly("come_back", "cancel_operation"));
    }

    @Test
    void deliveryThreadsEndWithTheContext() {
        ExecutorService[] threads = new ExecutorService[1];
        runner.run(
                context -> threads[0] = context.getBean(DeliveryThreads.class).executor());
        assertThat(threads[0].isShutdown()).isTrue();
    }

    @Test
    void postProcessorsMakeNoBeanTooEarly(CapturedOutput output) {
        runner.withBean("someTool", StartupFailureTests.Render.class)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(ExecutorConfig.class));
        assertThat(output.getAll().lines().filter(line -> line.contains("is not eligible for getting processed")))
                .noneMatch(line -> line.contains("asyncMcp") || line.contains("io.asyncmcp"));
    }
}
