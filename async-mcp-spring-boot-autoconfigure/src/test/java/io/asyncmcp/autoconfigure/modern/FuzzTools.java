package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.TaskSupport;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.ai.mcp.annotation.McpArg;
import org.springframework.ai.mcp.annotation.McpComplete;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Something of everything that a server can have. */
class FuzzTools {

    private static final Map<String, Object> FORM =
            Map.of("type", "object", "properties", Map.of("yes", Map.of("type", "boolean")));

    private static final Map<String, Object> ELICITATION = Map.of("message", "May I?", "requestedSchema", FORM);

    private static final Map<String, Object> SAMPLING = Map.of(
            "messages",
            List.of(Map.of("role", "user", "content", Map.of("type", "text", "text", "Well?"))),
            "maxTokens",
            10);

    @Configuration(proxyBeanMethods = false)
    static class Config {

        @Bean
        FuzzTools fuzzTools() {
            return new FuzzTools();
        }

        /** The one with an argument that is to be in a header too. */
        @Bean
        List<SyncToolSpecification> routedTool() {
            Map<String, Object> schema = Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of(
                            "region", Map.of("type", "string", "x-mcp-header", "Region"),
                            "size", Map.of("type", "integer", "x-mcp-header", "Size")));
            return List.of(SyncToolSpecification.builder()
                    .tool(Tool.builder("routed", schema).build())
                    .callHandler((exchange, request) ->
                            CallToolResult.builder().addTextContent("routed").build())
                    .build());
        }
    }

    public record Typed(String name, int length) {}

    @McpTool(name = "plain")
    public String plain(String text) {
        return text;
    }

    @McpTool(name = "plain_broken")
    public String plainBroken() {
        throw new IllegalStateException("the printer is on fire");
    }

    @McpTool(name = "plain_asks")
    public String plainAsks(McpSyncRequestContext client, String text) {
        return "answered: "
                + client.elicit(ElicitFormRequest.builder("May I?", FORM).build())
                        .action();
    }

    @AsyncTool(name = "echo", timeout = "1s")
    String echo(String text) {
        return text;
    }

    @AsyncTool(name = "anything", timeout = "1s")
    Map<String, Object> anything(Map<String, Object> value) {
        return value;
    }

    @AsyncTool(name = "typed", timeout = "1s", generateOutputSchema = true)
    Typed typed(String name) {
        return new Typed(name, name.length());
    }

    @AsyncTool(name = "broken", timeout = "1s")
    String broken() {
        throw new IllegalStateException("the printer is on fire");
    }

    /** Takes long enough to become a task, and for clients to go away. */
    @AsyncTool(name = "takes_time", timeout = "100ms")
    String takesTime(OperationContext context) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 4 && !never.await(50, TimeUnit.MILLISECONDS); i++) {
            context.progress(i, 4.0, "still at it");
        }
        return "took its time";
    }

    @AsyncTool(name = "alike", timeout = "100ms", singleFlight = true)
    String alike(OperationContext context) throws InterruptedException {
        return takesTime(context);
    }

    @AsyncTool(name = "only_task", taskSupport = TaskSupport.REQUIRED)
    String onlyTask() {
        return "as a task";
    }

    @AsyncTool(name = "never_task", timeout = "1s", taskSupport = TaskSupport.FORBIDDEN)
    String neverTask(String text) {
        return text;
    }

    @AsyncTool(name = "asks", timeout = "300ms")
    String asks(OperationContext context, String text) throws Exception {
        Object answer = context.requestInput("consent", "elicitation/create", ELICITATION)
                .toCompletableFuture()
                .get();
        return "answered: " + ((Map<?, ?>) answer).get("action");
    }

    @AsyncTool(name = "asks_twice", timeout = "300ms")
    String asksTwice(OperationContext context, Map<String, Object> value) throws Exception {
        var consent = context.requestInput("consent", "elicitation/create", ELICITATION);
        var thought = context.requestInput("thought", "sampling/createMessage", SAMPLING);
        consent.toCompletableFuture().get();
        return "model: " + ((Map<?, ?>) thought.toCompletableFuture().get()).get("model");
    }

    @McpPrompt(name = "greet", description = "Greets")
    public GetPromptResult greet(@McpArg(name = "name", required = true) String name) {
        return prompt("Greet " + name);
    }

    @McpPrompt(name = "asking", description = "Asks first")
    public GetPromptResult asking(McpSyncRequestContext client) {
        return prompt("Use "
                + client.elicit(ElicitFormRequest.builder("May I?", FORM).build())
                        .action());
    }

    private static GetPromptResult prompt(String text) {
        return GetPromptResult.builder(List.of(PromptMessage.builder(
                                Role.USER, TextContent.builder(text).build())
                        .build()))
                .build();
    }

    @McpComplete(prompt = "greet")
    public List<String> names(String begun) {
        return Stream.of("paris", "park").filter(name -> name.startsWith(begun)).toList();
    }

    @McpResource(uri = "fuzz://text", name = "text", description = "A text")
    public String text() {
        return "a text";
    }

    @McpResource(uri = "fuzz://item/{id}", name = "item", description = "An item")
    public String item(String id) {
        return "item " + id;
    }
}
