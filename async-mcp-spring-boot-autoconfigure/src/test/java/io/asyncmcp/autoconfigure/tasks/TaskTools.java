package io.asyncmcp.autoconfigure.tasks;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.TaskSupport;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tools that wait for a word and not for the clock. */
public class TaskTools {

    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    /** For servers with nothing else. */
    @Configuration(proxyBeanMethods = false)
    public static class Config {

        @Bean
        TaskTools taskTools() {
            return new TaskTools();
        }
    }

    public void release(String name) {
        gate(name).countDown();
    }

    private CountDownLatch gate(String name) {
        return gates.computeIfAbsent(name, key -> new CountDownLatch(1));
    }

    @AsyncTool(name = "held", timeout = "200ms")
    String held(String name, OperationContext context) throws InterruptedException {
        context.progress(1, 2.0, "half of " + name);
        if (!gate(name).await(60, TimeUnit.SECONDS)) {
            return "nobody released " + name;
        }
        return "held " + name;
    }

    @AsyncTool(name = "shared", timeout = "200ms", singleFlight = true)
    String shared(String name) throws InterruptedException {
        gate(name).await(60, TimeUnit.SECONDS);
        return "shared " + name;
    }

    @AsyncTool(name = "quick", timeout = "5s")
    String quick() {
        return "quick";
    }

    public record Typed(String name, int length) {}

    @AsyncTool(name = "typed", timeout = "5s", generateOutputSchema = true)
    Typed typed(String name) {
        return new Typed(name, name.length());
    }

    @AsyncTool(name = "picture", timeout = "5s")
    CallToolResult picture() {
        return new CallToolResult(
                List.of(ImageContent.builder("aGVsbG8=", "image/png").build()), false, null, Map.of("own", "meta"));
    }

    @AsyncTool(name = "broken", timeout = "5s")
    String broken() {
        throw new IllegalStateException("the printer is on fire");
    }

    @AsyncTool(name = "only_task", taskSupport = TaskSupport.REQUIRED)
    String onlyTask() {
        return "as a task";
    }

    @AsyncTool(name = "never_task", timeout = "5s", taskSupport = TaskSupport.FORBIDDEN)
    String neverTask() {
        return "never as a task";
    }

    @AsyncTool(name = "configured", timeout = "5s")
    String configured() {
        return "configured";
    }

    @McpTool(name = "plain")
    public String plain() {
        return "plain";
    }

    /** Goes on reporting while it waits, so that whoever waits for it is written to. */
    @AsyncTool(name = "asks", timeout = "200ms")
    String asks(OperationContext context) throws Exception {
        CompletionStage<Object> stage = context.requestInput(
                "elicitation/create",
                Map.of(
                        "message",
                        "May I?",
                        "requestedSchema",
                        Map.of("type", "object", "properties", Map.of("yes", Map.of("type", "boolean")))));
        for (int i = 1; !stage.toCompletableFuture().isDone(); i++) {
            context.progress(i, null, "waiting for an answer");
            Thread.sleep(20);
        }
        return "answered: " + ((Map<?, ?>) stage.toCompletableFuture().get()).get("action");
    }

    @AsyncTool(name = "samples", timeout = "200ms")
    String samples(OperationContext context) throws Exception {
        Object message = context.requestInput(
                        "sampling/createMessage",
                        Map.of(
                                "messages",
                                List.of(Map.of("role", "user", "content", Map.of("type", "text", "text", "Well?"))),
                                "maxTokens",
                                10))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        return "sampled with " + ((Map<?, ?>) message).get("model");
    }
}
