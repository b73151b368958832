package io.asyncmcp.autoconfigure;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.engine.OperationThreads;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.PrincipalOwnerResolver;
import io.asyncmcp.server.WaitBudgets;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.answer.BoundedSchemaValidator;
import io.asyncmcp.server.answer.FailureTexts;
import io.asyncmcp.server.json.JsonSize;
import io.asyncmcp.server.question.InputAnswers;
import io.asyncmcp.server.tasks.TaskFace;
import io.asyncmcp.server.tasks.TaskSettings;
import io.asyncmcp.server.tool.AsyncToolCatalog;
import io.asyncmcp.server.tool.AsyncTools;
import io.asyncmcp.server.tool.ClientPatience;
import io.asyncmcp.server.tool.EqualCalls;
import io.asyncmcp.server.tool.FailureLog;
import io.asyncmcp.server.tool.GeneratedTools;
import io.asyncmcp.server.tool.ListToolOffer;
import io.asyncmcp.server.tool.OperationCalls;
import io.asyncmcp.server.tool.ResultRules;
import io.asyncmcp.server.tool.ToolBeans;
import io.asyncmcp.server.tool.ToolFace;
import io.asyncmcp.server.transport.DeliveryThreads;
import io.asyncmcp.server.transport.Dialect;
import io.asyncmcp.server.transport.Dialects;
import io.asyncmcp.server.transport.HostAndOriginRules;
import io.asyncmcp.server.transport.RequestMemory;
import io.asyncmcp.server.transport.SessionOwners;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityValidator;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerStatelessAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.properties.McpServerProperties;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;

/**
 * Auto-configuration that makes an MCP server's tools asynchronous.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        after = AsyncMcpAutoConfiguration.class,
        before = {McpServerAutoConfiguration.class, McpServerStatelessAutoConfiguration.class})
@ConditionalOnClass({McpSchema.class, McpTool.class, McpServerAutoConfiguration.class})
@ConditionalOnProperty(prefix = "async.mcp", name = "enabled", matchIfMissing = true)
@ConditionalOnServerEnabled
public final class AsyncMcpServerAutoConfiguration {

    /** Made as needed and given up when idle; as many as may be blocked on slow clients at once. */
    private static final int DELIVERY_THREADS = 64;

    /** How much later the news may arrive that a call was given up than the same call that is made again. */
    private static final Duration UNTIL_A_CANCELLATION = Duration.ofMillis(300);

    private static final String SPRING_SECURITY = "org.springframework.security.web.SecurityFilterChain";

    @Bean
    static AsyncToolListPostProcessor asyncMcpToolListPostProcessor(ObjectProvider<AsyncTools> tools) {
        return new AsyncToolListPostProcessor(tools);
    }

    @Bean
    static ToolBeans asyncMcpToolBeans() {
        return new ToolBeans();
    }

    @Bean
    static StdioTransportPostProcessor asyncMcpStdioTransportPostProcessor(
            ObjectProvider<InputAnswers> answers,
            ObjectProvider<RequestMemory> memory,
            ObjectProvider<DeliveryThreads> delivery,
            ObjectProvider<Dialects> dialects,
            ObjectProvider<AsyncMcpProperties> properties) {
        return new StdioTransportPostProcessor(answers, memory, delivery, dialects, properties);
    }

    /** Before any server is built. */
    @Bean
    static BeanFactoryPostProcessor asyncMcpSchemaValidator() {
        return beans -> BoundedSchemaValidator.install();
    }

    @Bean
    static EagerServer asyncMcpEagerServer() {
        return new EagerServer();
    }

    @Bean
    @ConditionalOnMissingBean
    DeliveryThreads asyncMcpDeliveryThreads() {
        // Never virtual: tools that compute for long may hold every carrier thread, and answers must still go out.
        return new DeliveryThreads(
                OperationThreads.newExecutor(OperationThreads.Kind.PLATFORM, "async-mcp-delivery-", DELIVERY_THREADS));
    }

    @Bean
    @ConditionalOnMissingBean
    FailureLog asyncMcpFailureLog() {
        return new FailureLog();
    }

    @Bean
    @ConditionalOnMissingBean
    OperationOwnerResolver asyncMcpOwnerResolver(ResourceLoader resources) {
        return new PrincipalOwnerResolver(ClassUtils.isPresent(SPRING_SECURITY, resources.getClassLoader()));
    }

    @Bean
    @ConditionalOnMissingBean
    WaitBudgets asyncMcpWaitBudgets(AsyncMcpProperties properties) {
        return properties.toWaitBudgets();
    }

    /** A client that has gone is noticed by the second sign of life that it does not get. */
    @Bean
    @ConditionalOnMissingBean
    ClientPatience asyncMcpClientPatience(WaitBudgets budgets, AsyncMcpProperties properties) {
        return new ClientPatience(budgets, properties.heartbeatInterval().multipliedBy(2), Ticker.systemTicker());
    }

    @Bean
    @ConditionalOnMissingBean
    Answers asyncMcpAnswers(AsyncMcpProperties properties, Environment environment) {
        return new Answers(properties.continueTool().name(), serverName(environment));
    }

    /** By Spring AI's default where it is not set. */
    private static String serverName(Environment environment) {
        return environment.getProperty(McpServerProperties.CONFIG_PREFIX + ".name", "mcp-server");
    }

    /** By the memory they take up. A customizer of the application's own comes later and may change it. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    AsyncExecutorBuilderCustomizer asyncMcpResultWeigher() {
        return builder -> builder.resultWeigher(
                        result -> JsonSize.of(result, Long.MAX_VALUE - 1).memory())
                .keptFailure(FailureTexts::kept);
    }

    @Bean
    @ConditionalOnMissingBean
    InputAnswers asyncMcpInputAnswers(
            AsyncExecutor executor, OperationOwnerResolver owners, AsyncMcpProperties properties) {
        return new InputAnswers(
                executor, owners, properties.limits().maxArgumentSize().toBytes());
    }

    @Bean
    @ConditionalOnMissingBean
    SessionOwners asyncMcpSessionOwners(OperationOwnerResolver owners) {
        return new SessionOwners(owners);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty(prefix = "async.mcp.tasks", name = "enabled", matchIfMissing = true)
    TaskFace asyncMcpTaskFace(
            AsyncExecutor executor,
            ExecutorConfig config,
            AsyncMcpProperties properties,
            OperationOwnerResolver owners,
            ObjectProvider<AsyncToolCatalog> catalog,
            ToolFace tools,
            Answers answers) {
        AsyncMcpProperties.Tasks tasks = properties.tasks();
        return new TaskFace(
                executor,
                config,
                owners,
                // The catalog looks at the beans of the application, some of which need the transport first.
                tool -> catalog.getObject().settingsOf(tool),
                tools,
                answers,
                new TaskSettings(
                        tasks.maxTtl(), tasks.pollInterval(), tasks.pageSize(), properties.statelessWaitBudget()),
                OperationThreads.newTimer("async-mcp-tasks-"),
                Clock.systemUTC());
    }

    /** Before the tasks, which make JSON of the list. */
    @Bean
    @Order(0)
    @ConditionalOnMissingBean
    ListToolOffer asyncMcpListToolOffer(AsyncMcpProperties properties, OperationOwnerResolver owners) {
        AsyncMcpProperties.ListTool listTool = properties.listTool();
        // No condition: ahead of time it would be decided at build time.
        return new ListToolOffer(listTool.enabled() ? listTool.name() : null, owners);
    }

    @Bean
    RequestMemory asyncMcpRequestMemory(ExecutorConfig config) {
        return new RequestMemory(config.limits());
    }

    @Bean
    @ConditionalOnMissingBean
    Dialects asyncMcpDialects(ObjectProvider<Dialect> dialects, ToolFace tools) {
        // Last: the others know of calls that are made on terms of their own.
        return new Dialects(
                Stream.concat(dialects.orderedStream().filter(dialect -> dialect != tools), Stream.of(tools))
                        .toList());
    }

    @Bean
    @ConditionalOnMissingBean
    ToolFace asyncMcpToolFace() {
        return new ToolFace();
    }

    @Bean
    @ConditionalOnMissingBean
    EqualCalls asyncMcpEqualCalls(DeliveryThreads delivery) {
        return new EqualCalls(
                UNTIL_A_CANCELLATION,
                OperationThreads.newTimer("async-mcp-calls-"),
                delivery.executor(),
                Ticker.systemTicker());
    }

    @Bean
    @ConditionalOnMissingBean
    OperationCalls asyncMcpOperationCalls(
            AsyncExecutor executor,
            ExecutorConfig config,
            AsyncMcpProperties properties,
            OperationOwnerResolver owners,
            ClientPatience patience,
            EqualCalls equal,
            Answers answers) {
        ResultRules results = new ResultRules(
                properties.limits().maxArgumentSize().toBytes(),
                properties.limits().maxResultSize().toBytes());
        OperationCalls.Rules rules = new OperationCalls.Rules(owners, patience, results, equal, properties.cancelOn());
        return new OperationCalls(executor, config, rules, answers, Clock.systemUTC());
    }

    @Bean
    @ConditionalOnMissingBean
    GeneratedTools asyncMcpGeneratedTools(
            AsyncMcpProperties properties, OperationCalls calls, Answers answers, Environment environment) {
        String server = serverName(environment);
        AsyncMcpProperties.ContinueTool continueTool = properties.continueTool();
        AsyncMcpProperties.CancelTool cancelTool = properties.cancelTool();
        AsyncMcpProperties.ListTool listTool = properties.listTool();
        return new GeneratedTools(
                calls,
                answers,
                naming(continueTool.name(), continueTool.description(), server),
                cancelTool.enabled() ? naming(cancelTool.name(), cancelTool.description(), server) : null,
                listTool.enabled() ? naming(listTool.name(), listTool.description(), server) : null);
    }

    /** A client with several servers shows their tools side by side, and renames those whose names are taken. */
    private static GeneratedTools.Naming naming(String name, String description, String server) {
        return new GeneratedTools.Naming(name, description.replace("{server}", server));
    }

    @Bean
    @ConditionalOnMissingBean
    AsyncToolCatalog asyncMcpToolCatalog(
            ListableBeanFactory beans, AsyncMcpProperties properties, Environment environment, ToolBeans made) {
        return new AsyncToolCatalog(beans, ToolSettingsReader.read(properties, environment), made);
    }

    @Bean
    @ConditionalOnMissingBean
    AsyncTools asyncMcpTools(AsyncToolCatalog catalog, OperationCalls calls, GeneratedTools generated, ToolFace face) {
        return new AsyncTools(catalog, calls, generated, face);
    }

    @Bean
    @ConditionalOnMissingBean
    ServerTransportSecurityValidator asyncMcpTransportSecurityValidator(
            AsyncMcpProperties properties, Environment environment) {
        AsyncMcpProperties.Security security = properties.security();
        boolean loopback = Binder.get(environment)
                .bind("server.address", InetAddress.class)
                .map(InetAddress::isLoopbackAddress)
                .orElse(false);
        return new HostAndOriginRules(security.allowedHosts(), security.allowedOrigins(), loopback);
    }

    @Bean
    AsyncMcpStartupCheck asyncMcpStartupCheck(
            AsyncTools tools,
            AsyncToolCatalog catalog,
            ToolBeans made,
            AsyncExecutor executor,
            ExecutorConfig config,
            BeanFactory servers) {
        return new AsyncMcpStartupCheck(tools, catalog, made, executor, config, servers);
    }

    @Bean
    @ConditionalOnWebApplication
    TransportCheck asyncMcpTransportCheck(BeanFactory beans, Environment environment) {
        return new TransportCheck(beans, environment, true);
    }

    @Bean
    @ConditionalOnNotWebApplication
    TransportCheck asyncMcpOtherTransportCheck(BeanFactory beans, Environment environment) {
        return new TransportCheck(beans, environment, false);
    }
}
