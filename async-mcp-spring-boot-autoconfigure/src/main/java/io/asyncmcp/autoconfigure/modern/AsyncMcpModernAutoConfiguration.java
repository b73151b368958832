package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.autoconfigure.AsyncMcpProperties;
import io.asyncmcp.autoconfigure.AsyncMcpServerAutoConfiguration;
import io.asyncmcp.autoconfigure.http.AsyncMcpHttpAutoConfiguration;
import io.asyncmcp.server.ContextPropagation;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.answer.FailureTexts;
import io.asyncmcp.server.http.HttpFace;
import io.asyncmcp.server.json.JsonSize;
import io.asyncmcp.server.modern.ModernFace;
import io.asyncmcp.server.modern.ModernSettings;
import io.asyncmcp.server.modern.PlainWork;
import io.asyncmcp.server.question.InputAnswers;
import io.asyncmcp.server.tool.AsyncToolCatalog;
import io.asyncmcp.server.tool.ClientPatience;
import io.asyncmcp.server.tool.EqualCalls;
import io.asyncmcp.server.tool.FailureLog;
import io.asyncmcp.server.tool.OperationCalls;
import io.asyncmcp.server.tool.ResultRules;
import io.asyncmcp.server.tool.ToolFace;
import io.asyncmcp.server.transport.RequestMemory;
import java.time.Clock;
import java.time.Duration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerStatelessAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration that serves protocol 2026-07-28 beside the earlier ones.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        after = AsyncMcpServerAutoConfiguration.class,
        before = {
            AsyncMcpHttpAutoConfiguration.class,
            McpServerAutoConfiguration.class,
            McpServerStatelessAutoConfiguration.class
        })
@ConditionalOnClass(McpServerAutoConfiguration.class)
@ConditionalOnBean(InputAnswers.class)
@ConditionalOnProperty(prefix = "async.mcp.protocol", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(ProtocolProperties.class)
public final class AsyncMcpModernAutoConfiguration {

    /** Results of plain requests are fetched by the request that waits; one whose connection broke may come back at once. */
    private static final Duration PLAIN_RETENTION = Duration.ofMinutes(1);

    /** On top of how long the work may take, for what waits for its turn. */
    private static final Duration QUEUEING = Duration.ofMinutes(1);

    @Bean
    static PlainWorkPostProcessor asyncMcpPlainWorkPostProcessor(ObjectProvider<PlainWork> work) {
        return new PlainWorkPostProcessor(work);
    }

    @Bean
    @ConditionalOnMissingBean
    PlainWork asyncMcpPlainWork(
            AsyncMcpProperties properties,
            ExecutorConfig config,
            ContextPropagation propagation,
            OperationOwnerResolver owners,
            ClientPatience patience,
            EqualCalls equal,
            Answers answers,
            FailureLog failures,
            Environment environment) {
        Duration longest = config.maxLifetime().plus(QUEUEING);
        ExecutorConfig plain = new ExecutorConfig(
                longest,
                config.maxLifetime(),
                PLAIN_RETENTION,
                config.cleanupInterval(),
                longest,
                config.inputTimeout(),
                config.limits(),
                config.interruptOnCancel());
        AsyncExecutor executor = AsyncExecutor.builder()
                .config(plain)
                .threadKind(properties.threadKind(environment))
                .interceptor(propagation)
                .listener(failures)
                .resultWeigher(result -> JsonSize.of(result, Long.MAX_VALUE - 1).memory())
                .keptFailure(FailureTexts::kept)
                .build();
        ResultRules results = new ResultRules(
                properties.limits().maxArgumentSize().toBytes(),
                properties.limits().maxResultSize().toBytes());
        OperationCalls.Rules rules = new OperationCalls.Rules(owners, patience, results, equal, properties.cancelOn());
        return new PlainWork(executor, new OperationCalls(executor, plain, rules, answers, Clock.systemUTC()), longest);
    }

    /** Asked before the dialects of earlier versions, which cannot tell what a request without a session is in. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @ConditionalOnMissingBean
    ModernFace asyncMcpModernFace(
            AsyncExecutor executor,
            ExecutorConfig config,
            OperationCalls calls,
            PlainWork plain,
            ToolFace tools,
            RequestMemory memory,
            AsyncMcpProperties properties,
            ProtocolProperties protocol,
            OperationOwnerResolver owners,
            ObjectProvider<AsyncToolCatalog> catalog,
            Answers answers) {
        AsyncMcpProperties.Tasks tasks = properties.tasks();
        ModernSettings settings = new ModernSettings(
                tasks.enabled(),
                tasks.inlineWait(),
                tasks.maxTtl(),
                tasks.pollInterval(),
                protocol.requestStateTtl(),
                protocol.listTtl(),
                protocol.resourceTtl(),
                protocol.cacheScope(),
                properties.listTool().enabled() ? properties.listTool().name() : null);
        return new ModernFace(
                executor,
                config,
                calls,
                plain,
                tools,
                memory,
                owners,
                // The catalog looks at the beans of the application, some of which need the transport first.
                tool -> catalog.getObject().settingsOf(tool),
                answers,
                settings,
                Clock.systemUTC());
    }

    @Bean
    @ConditionalOnMissingBean
    HttpFace asyncMcpModernHttp(ModernFace face) {
        return face.http();
    }

    @Bean
    @ConditionalOnMissingBean
    ModernLifecycle asyncMcpModernLifecycle(ModernFace face, PlainWork plain, AsyncMcpProperties properties) {
        return new ModernLifecycle(face, plain, properties.shutdownTimeout());
    }
}
