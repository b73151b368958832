package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.OperationContext;
import io.asyncmcp.autoconfigure.tasks.TaskTools;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.context.McpAsyncRequestContext;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Tools, a prompt and a resource that are not asynchronous, and asynchronous tools that ask. They wait for no clock. */
public class ModernTools {

    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    /** How often the plain tool that asks was started. */
    final AtomicInteger starts = new AtomicInteger();

    /** What became of what was held. */
    final Map<String, String> ends = new ConcurrentHashMap<>();

    static ElicitRequest question(String message) {
        return ElicitFormRequest.builder(
                        message,
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of("name", Map.of("type", "string")),
                                "required",
                                List.of("name")))
                .build();
    }

    static String name(ElicitResult answer) {
        return String.valueOf(
                answer.content() == null ? answer.action() : answer.content().get("name"));
    }

    void release(String name) {
        gate(name).countDown();
    }

    private CountDownLatch gate(String name) {
        return gates.computeIfAbsent(name, key -> new CountDownLatch(1));
    }

    String hold(String name) {
        try {
            ends.put(name, "running");
            String end = gate(name).await(60, TimeUnit.SECONDS) ? "released" : "forgotten";
            ends.put(name, end);
            return end + " " + name;
        } catch (InterruptedException e) {
            ends.put(name, "interrupted");
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    @AsyncTool(name = "held_long", timeout = "300ms")
    String heldLong(String name, OperationContext context) {
        context.progress(1, 2.0, "half of " + name);
        return hold(name);
    }

    /** Asks two things at one time. */
    @AsyncTool(name = "asks_two")
    CompletionStage<String> asksTwo(OperationContext context) {
        CompletableFuture<Object> first = context.requestInput("first", "elicitation/create", question("First?"))
                .toCompletableFuture();
        CompletableFuture<Object> second = context.requestInput("second", "elicitation/create", question("Second?"))
                .toCompletableFuture();
        return first.thenCombine(second, (one, two) -> "got " + name(one) + " and " + name(two));
    }

    private static Object name(Object answer) {
        return answer instanceof Map<?, ?> map && map.get("content") instanceof Map<?, ?> content
                ? content.get("name")
                : answer;
    }

    /** Asks once it has become a task. */
    @AsyncTool(name = "asks_late")
    String asksLate(String name, OperationContext context) throws Exception {
        hold(name);
        return "got "
                + name(context.requestInput("late", "elicitation/create", question("Late?"))
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS));
    }

    /** For servers with synchronous handlers. */
    public static class Sync {

        private final ModernTools tools;

        Sync(ModernTools tools) {
            this.tools = tools;
        }

        @McpTool(name = "plain_ask")
        public String ask(McpSyncRequestContext context) {
            int start = tools.starts.incrementAndGet();
            return "Hello " + name(context.exchange().createElicitation(question("Who?"))) + ", start " + start;
        }

        @McpTool(name = "plain_ask_twice")
        public String askTwice(McpSyncRequestContext context) {
            String one = name(context.exchange().createElicitation(question("One?")));
            return one + " and " + name(context.exchange().createElicitation(question("Two?")));
        }

        @McpTool(name = "plain_talk")
        public String talk(McpSyncRequestContext context) {
            context.progress(progress -> progress.progress(1).total(2.0).message("half"));
            context.info("talking");
            context.debug("whispering");
            return "talked";
        }

        @McpTool(name = "plain_hold")
        public String hold(String name) {
            return tools.hold(name);
        }

        @McpTool(name = "plain_sample")
        public String sample(McpSyncRequestContext context) {
            return context.sample("Well?").model();
        }

        @McpPrompt(name = "ask_prompt")
        public String prompt(McpSyncRequestContext context) {
            return "For " + name(context.exchange().createElicitation(question("For whom?")));
        }

        @McpResource(name = "ask_resource", uri = "test://ask")
        public String resource(McpSyncRequestContext context) {
            return "Of " + name(context.exchange().createElicitation(question("Of whom?")));
        }
    }

    /** For servers with reactive handlers. */
    public static class Async {

        private final ModernTools tools;

        Async(ModernTools tools) {
            this.tools = tools;
        }

        private static Mono<String> asked(McpAsyncRequestContext context, String message) {
            return context.exchange().createElicitation(question(message)).map(ModernTools::name);
        }

        @McpTool(name = "plain_ask")
        public Mono<String> ask(McpAsyncRequestContext context) {
            int start = tools.starts.incrementAndGet();
            return asked(context, "Who?").map(name -> "Hello " + name + ", start " + start);
        }

        @McpTool(name = "plain_ask_twice")
        public Mono<String> askTwice(McpAsyncRequestContext context) {
            return asked(context, "One?").flatMap(one -> asked(context, "Two?").map(two -> one + " and " + two));
        }

        @McpTool(name = "plain_talk")
        public Mono<String> talk(McpAsyncRequestContext context) {
            return context.progress(progress -> progress.progress(1).total(2.0).message("half"))
                    .then(context.info("talking"))
                    .then(context.debug("whispering"))
                    .thenReturn("talked");
        }

        @McpTool(name = "plain_hold")
        public Mono<String> hold(String name) {
            return Mono.fromCallable(() -> tools.hold(name));
        }

        @McpTool(name = "plain_sample")
        public Mono<String> sample(McpAsyncRequestContext context) {
            return context.sample("Well?").map(result -> result.model());
        }

        @McpPrompt(name = "ask_prompt")
        public Mono<String> prompt(McpAsyncRequestContext context) {
            return asked(context, "For whom?").map(name -> "For " + name);
        }

        @McpResource(name = "ask_resource", uri = "test://ask")
        public Mono<String> resource(McpAsyncRequestContext context) {
            return asked(context, "Of whom?").map(name -> "Of " + name);
        }
    }

    @Configuration(proxyBeanMethods = false)
    public static class SyncConfig {

        @Bean
        ModernTools modernTools() {
            return new ModernTools();
        }

        @Bean
        Sync plainSyncTools(ModernTools tools) {
            return new Sync(tools);
        }

        @Bean
        TaskTools taskTools() {
            return new TaskTools();
        }
    }

    @Configuration(proxyBeanMethods = false)
    public static class AsyncConfig {

        @Bean
        ModernTools modernTools() {
            return new ModernTools();
        }

        @Bean
        Async plainAsyncTools(ModernTools tools) {
            return new Async(tools);
        }
    }
}
