package io.asyncmcp.autoconfigure.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.modern.ModernFace;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ResourcesUpdatedNotification;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

/** What clients hear that listen to changes, and how it ends. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
class ModernChangesIT {

    private static final String ACKNOWLEDGED = "notifications/subscriptions/acknowledged";

    @Parameter
    WebApplicationType web;

    @Configuration(proxyBeanMethods = false)
    @Import(ModernTools.SyncConfig.class)
    static class Config {

        @Bean
        ServerCapabilities.Builder capabilities() {
            return new SubscribableResources();
        }
    }

    /** Spring AI has no property for subscriptions, and turns them off. */
    private static final class SubscribableResources extends ServerCapabilities.Builder {

        @Override
        public ServerCapabilities.Builder resources(Boolean subscribe, Boolean listChanged) {
            return super.resources(true, listChanged);
        }
    }

    private TestServer start() {
        return TestServer.start(
                web,
                Config.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "spring.ai.mcp.server.annotation-scanner.enabled=true",
                "logging.level.io.modelcontextprotocol=off");
    }

    private static SyncToolSpecification tool(String name) {
        return SyncToolSpecification.builder()
                .tool(Tool.builder(name, Map.of("type", "object")).build())
                .callHandler((exchange, request) -> new CallToolResult(
                        List.of(TextContent.builder("added at run time").build()), false, null, null))
                .build();
    }

    @Test
    void listenersHearWhatTheyAskedForAndNothingElse() {
        try (TestServer server = start();
                ModernWire client = new ModernWire(server, "{}")) {
            McpSyncServer sdk = server.bean(McpSyncServer.class);
            ModernWire.Sent ofTools = client.send(
                    "subscriptions/listen",
                    Map.of("notifications", Map.of("toolsListChanged", true, "promptsListChanged", false)));
            ModernWire.Sent ofPrompts =
                    client.send("subscriptions/listen", Map.of("notifications", Map.of("promptsListChanged", true)));
            ModernWire.Sent ofResources = client.send(
                    "subscriptions/listen",
                    Map.of("notifications", Map.of("resourceSubscriptions", List.of("test://ask", "test://other"))));
            List.of(ofTools, ofPrompts, ofResources).forEach(listening -> listening.awaitTold(ACKNOWLEDGED, 1));
            assertThat(ofTools.told(ACKNOWLEDGED).get(0).path("notifications").toString())
                    .isEqualTo("{\"toolsListChanged\":true}");
            assertThat(ofResources
                            .told(ACKNOWLEDGED)
                            .get(0)
                            .path("notifications")
                            .path("resourceSubscriptions")
                            .size())
                    .isEqualTo(2);

            sdk.addTool(tool("added"));
            sdk.notifyResourcesUpdated(new ResourcesUpdatedNotification("test://ask", null));
            sdk.notifyResourcesUpdated(new ResourcesUpdatedNotification("test://not-asked-for", null));

            ofTools.awaitTold(McpSchema.METHOD_NOTIFICATION_TOOLS_LIST_CHANGED, 1);
            ofResources.awaitTold(McpSchema.METHOD_NOTIFICATION_RESOURCES_UPDATED, 1);
            assertThat(client.send("tools/list", Map.of()).result().toString()).contains("\"added\"");
            assertThat(ModernWire.text(client.result("added", Map.of()))).isEqualTo("added at run time");
            sdk.removeTool("added");
            ofTools.awaitTold(McpSchema.METHOD_NOTIFICATION_TOOLS_LIST_CHANGED, 2);

            assertThat(ofPrompts.notifications).hasSize(1);
            assertThat(ofResources.notifications).hasSize(2).last().satisfies(message -> {
                JsonNode params = message.path("params");
                assertThat(params.path("uri").asString()).isEqualTo("test://ask");
                assertThat(params.path("_meta")
                                .path("io.modelcontextprotocol/subscriptionId")
                                .asInt())
                        .isEqualTo(ofResources.id);
            });
        }
    }

    @Test
    void serverThatStopsSaysGoodbye() {
        try (TestServer server = start();
                ModernWire client = new ModernWire(server, "{}")) {
            ModernWire.Sent listening =
                    client.send("subscriptions/listen", Map.of("notifications", Map.of("toolsListChanged", true)));
            listening.awaitTold(ACKNOWLEDGED, 1);

            ModernFace face = server.bean(ModernFace.class);
            server.close();

            JsonNode result = listening.result();
            assertThat(result.path("resultType").asString()).isEqualTo("complete");
            assertThat(result.path("_meta")
                            .path("io.modelcontextprotocol/subscriptionId")
                            .asInt())
                    .isEqualTo(listening.id);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(face.subscriptions()).isZero());
        }
    }
}
