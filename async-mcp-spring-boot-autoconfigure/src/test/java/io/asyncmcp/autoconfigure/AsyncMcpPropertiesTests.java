package io.asyncmcp.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.engine.OperationThreads;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.CancelOn;
import io.asyncmcp.server.TaskSupport;
import io.asyncmcp.server.WaitBudgets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.unit.DataSize;

class AsyncMcpPropertiesTests {

    private static AsyncMcpProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("async.mcp", AsyncMcpProperties.class);
    }

    @Test
    void defaultsAreThoseOfTheExecutor() {
        AsyncMcpProperties properties = bind(Map.of());
        assertThat(properties.toExecutorConfig()).isEqualTo(ExecutorConfig.DEFAULTS);
        assertThat(properties.toWaitBudgets()).isEqualTo(WaitBudgets.DEFAULTS);
        assertThat(properties.heartbeatInterval().multipliedBy(2))
                .as("the longest silence, before any HTTP client takes it for an end")
                .isLessThan(Duration.ofSeconds(10));
        assertThat(properties.toOverrides()).isEmpty();
        assertThat(properties.enabled()).isTrue();
        assertThat(properties.threads()).isEqualTo(OperationThreads.Kind.AUTO);
    }

    @Test
    void timesBind() {
        AsyncMcpProperties properties = bind(Map.of(
                "async.mcp.default-timeout", "1s",
                "async.mcp.max-lifetime", "2s",
                "async.mcp.retention-period", "3s",
                "async.mcp.cleanup-interval", "4s",
                "async.mcp.max-wait", "5s",
                "async.mcp.input-timeout", "6s",
                "async.mcp.shutdown-timeout", "0s",
                "async.mcp.default-wait-budget", "8s",
                "async.mcp.stateless-wait-budget", "7s",
                "async.mcp.heartbeat-interval", "9s"));
        assertThat(properties.toExecutorConfig())
                .isEqualTo(new ExecutorConfig(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        ExecutorConfig.Limits.DEFAULTS));
        assertThat(properties.shutdownTimeout()).isZero();
        assertThat(properties.defaultWaitBudget()).isEqualTo(Duration.ofSeconds(8));
        assertThat(properties.toWaitBudgets().stateless()).isEqualTo(Duration.ofSeconds(7));
        assertThat(properties.heartbeatInterval()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void choicesBind() {
        AsyncMcpProperties properties = bind(Map.of("async.mcp.threads", "platform", "async.mcp.enabled", "false"));
        assertThat(properties.threads()).isEqualTo(OperationThreads.Kind.PLATFORM);
        assertThat(properties.enabled()).isFalse();
    }

    @Test
    void limitsBind() {
        AsyncMcpProperties properties = bind(Map.of(
                "async.mcp.limits.max-running", "1",
                "async.mcp.limits.max-queued", "2",
                "async.mcp.limits.max-per-owner", "3",
                "async.mcp.limits.max-argument-size", "4KB",
                "async.mcp.limits.max-result-size", "5MB",
                "async.mcp.limits.max-retained-size", "6MB",
                "async.mcp.limits.max-awaiting-input", "7",
                "async.mcp.limits.max-active-size", "8MB",
                "async.mcp.limits.owner-share", "90",
                "async.mcp.limits.max-message-size", "2KB"));
        assertThat(properties.limits())
                .isEqualTo(new AsyncMcpProperties.Limits(
                        1,
                        2,
                        3,
                        DataSize.ofKilobytes(4),
                        DataSize.ofMegabytes(5),
                        DataSize.ofMegabytes(6),
                        7,
                        DataSize.ofMegabytes(8),
                        90,
                        DataSize.ofKilobytes(2)));
        assertThat(properties.toExecutorConfig().limits())
                .isEqualTo(new ExecutorConfig.Limits(1, 2, 3, 6L << 20, 7, 8L << 20, 90, 2 << 10));
    }

    @Test
    void interruptsCanBeSwitchedOff() {
        assertThat(bind(Map.of()).toExecutorConfig().interruptOnCancel()).isTrue();
        assertThat(bind(Map.of("async.mcp.interrupt-on-cancel", "false"))
                        .toExecutorConfig()
                        .interruptOnCancel())
                .isFalse();
    }

    @Test
    void generatedToolsBind() {
        AsyncMcpProperties properties = bind(Map.of(
                "async.mcp.continue-tool.name", "come_back",
                "async.mcp.continue-tool.description", "Comes back.",
                "async.mcp.cancel-tool.enabled", "true",
                "async.mcp.cancel-tool.name", "stop",
                "async.mcp.cancel-tool.description", "Stops.",
                "async.mcp.list-tool.enabled", "true",
                "async.mcp.list-tool.name", "show",
                "async.mcp.list-tool.description", "Shows."));
        assertThat(properties.continueTool())
                .isEqualTo(new AsyncMcpProperties.ContinueTool("come_back", "Comes back."));
        assertThat(properties.cancelTool()).isEqualTo(new AsyncMcpProperties.CancelTool(true, "stop", "Stops."));
        assertThat(properties.listTool()).isEqualTo(new AsyncMcpProperties.ListTool(true, "show", "Shows."));
    }

    @Test
    void toolsBindByTheirNames() {
        Map<String, AsyncToolSettings.Override> overrides = bind(Map.of(
                        "async.mcp.tools.render_fractal.timeout", "5s",
                        "async.mcp.tools.render_fractal.max-lifetime", "1h",
                        "async.mcp.tools.render_fractal.single-flight", "true",
                        "async.mcp.tools.render_fractal.max-active", "2",
                        "async.mcp.tools.render_fractal.task-support", "required",
                        "async.mcp.tools.render_fractal.task-ttl", "2h",
                        "async.mcp.tools.render_fractal.poll-interval", "5s",
                        "async.mcp.tools.camelCase.enabled", "false",
                        "async.mcp.tools.with-dashes.interrupt-on-cancel", "false",
                        "async.mcp.tools[with.dots].timeout", "0s"))
                .toOverrides();
        assertThat(overrides)
                .containsOnly(
                        Map.entry(
                                "render_fractal",
                                new AsyncToolSettings.Override(
                                        null,
                                        Duration.ofSeconds(5),
                                        Duration.ofHours(1),
                                        true,
                                        2,
                                        TaskSupport.REQUIRED,
                                        Duration.ofHours(2),
                                        Duration.ofSeconds(5),
                                        null,
                                        null)),
                        Map.entry(
                                "camelCase",
                                new AsyncToolSettings.Override(
                                        false, null, null, null, null, null, null, null, null, null)),
                        Map.entry(
                                "with-dashes",
                                new AsyncToolSettings.Override(
                                        null, null, null, null, null, null, null, null, null, false)),
                        Map.entry(
                                "with.dots",
                                new AsyncToolSettings.Override(
                                        null, Duration.ZERO, null, null, null, null, null, null, null, null)));
    }

    @Test
    void whatCancelsAnOperationIsChosenForAllToolsAndForOne() {
        AsyncMcpProperties properties = bind(
                Map.of("async.mcp.cancel-on", "request", "async.mcp.tools.render_fractal.cancel-on", "disconnect"));

        assertThat(properties.cancelOn()).isEqualTo(CancelOn.REQUEST);
        assertThat(properties.toOverrides().get("render_fractal").cancelOn()).isEqualTo(CancelOn.DISCONNECT);
        assertThat(bind(Map.of()).cancelOn()).isEqualTo(CancelOn.NEVER);
    }

    private static AsyncMcpProperties bindYaml(String yaml) {
        YamlPropertiesFactoryBean properties = new YamlPropertiesFactoryBean();
        properties.setResources(new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
        Map<String, String> flat = new HashMap<>();
        properties.getObject().forEach((key, value) -> flat.put(String.valueOf(key), String.valueOf(value)));
        return bind(flat);
    }

    @Test
    void numberWithoutUnitIsSeconds() {
        AsyncMcpProperties properties = bind(Map.of(
                "async.mcp.default-timeout", "15",
                "async.mcp.tasks.max-ttl", "90",
                "async.mcp.tools.render.timeout", "7"));
        assertThat(properties.defaultTimeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(properties.tasks().maxTtl()).isEqualTo(Duration.ofSeconds(90));
        assertThat(properties.tools().get("render").timeout()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void clientsBindByTheirNamesAndComeBeforeTheBuiltInOnes() {
        WaitBudgets budgets = bindYaml("""
                        async.mcp:
                          wait-budgets:
                            - client: my client
                              budget: 30s
                            - client: Claude*
                              budget: 40
                            - { client: a.b*, budget: PT50S }
                        """).toWaitBudgets();
        assertThat(budgets.of("my client")).isEqualTo(Duration.ofSeconds(30));
        assertThat(budgets.of("claude-code")).isEqualTo(Duration.ofSeconds(40));
        assertThat(budgets.of("a.b.c")).isEqualTo(Duration.ofSeconds(50));
        assertThat(budgets.of("cursor-vscode")).isEqualTo(Duration.ofSeconds(55));
    }

    @Test
    void securityBinds() {
        AsyncMcpProperties properties = bind(Map.of(
                "async.mcp.security.allowed-hosts", "localhost:*,127.0.0.1:*",
                "async.mcp.security.allowed-origins", "https://app.example.com"));
        assertThat(properties.security())
                .isEqualTo(new AsyncMcpProperties.Security(
                        List.of("localhost:*", "127.0.0.1:*"), List.of("https://app.example.com")));
    }
}
