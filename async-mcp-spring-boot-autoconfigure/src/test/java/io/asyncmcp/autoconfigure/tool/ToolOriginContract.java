package io.asyncmcp.autoconfigure.tool;

import static io.asyncmcp.autoconfigure.transport.TestServer.call;
import static io.asyncmcp.autoconfigure.transport.TestServer.structured;
import static io.asyncmcp.autoconfigure.transport.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationContext;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpAsyncServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.tool.ToolCallbackProvider;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.method.MethodToolCallbackProvider;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import reactor.core.publisher.Mono;

/** Wherever a tool comes from, it becomes asynchronous in the same way. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ToolOriginContract {

    static final String[] PROPERTIES = {
        "spring.ai.mcp.server.protocol=STREAMABLE",
        "async.mcp.tools.configured.timeout=100ms",
        "async.mcp.tools.handmade.timeout=100ms",
        "async.mcp.tools.overridden.timeout=100ms",
        "async.mcp.tools.switched_off.enabled=false"
    };

    private final Class<?> tools;

    private final String type;

    private TestServer server;

    private McpSyncClient client;

    private final String[] more;

    /** @param more properties beside those that all have */
    ToolOriginContract(String type, Class<?> tools, String... more) {
        this.type = type;
        this.tools = tools;
        this.more = more;
    }

    /** Holds a tool until its word is released, or for so long. */
    static final class Pause {

        private static final Map<String, CompletableFuture<String>> HELD = new ConcurrentHashMap<>();

        private Pause() {}

        static Mono<String> thenMono(String word, int millis) {
            String said = "said " + word;
            return Mono.fromFuture(() -> HELD.computeIfAbsent(word, key -> new CompletableFuture<>()), true)
                    .timeout(Duration.ofMillis(millis), Mono.just(said));
        }

        static String then(String word, int millis) {
            return String.valueOf(thenMono(word, millis).block());
        }

        static void release(String word) {
            HELD.computeIfAbsent(word, key -> new CompletableFuture<>()).complete("said " + word);
        }
    }

    /** What is the same on every kind of server. */
    @Configuration(proxyBeanMethods = false)
    static class Common {

        /** Makes the server before most tools are there. */
        @Bean
        String early(
                @Qualifier("mcpTools") Object first,
                ObjectProvider<McpSyncServer> sync,
                ObjectProvider<McpAsyncServer> async) {
            return first + " " + sync.getIfAvailable() + " " + async.getIfAvailable();
        }

        @Bean
        Api hidden() {
            return new HiddenTools();
        }

        @Bean
        @Scope("prototype")
        PrototypeTools prototypeTools() {
            return new PrototypeTools();
        }

        @Bean
        OwnTools ownTools() {
            return new OwnTools();
        }

        @Bean
        ProxiedTools proxiedTools() {
            return new ProxiedTools();
        }

        @Bean
        AtomicInteger advised() {
            return new AtomicInteger();
        }

        @Bean
        static MethodInterceptor counting(ObjectProvider<AtomicInteger> advised) {
            return invocation -> {
                advised.getObject().incrementAndGet();
                return invocation.proceed();
            };
        }

        @Bean
        static BeanNameAutoProxyCreator proxies() {
            BeanNameAutoProxyCreator proxies = new BeanNameAutoProxyCreator();
            proxies.setBeanNames("proxiedTools");
            proxies.setInterceptorNames("counting");
            proxies.setProxyTargetClass(true);
            return proxies;
        }

        @Bean
        ToolCallbackProvider springAiTools() {
            return MethodToolCallbackProvider.builder()
                    .toolObjects(new SpringAiTools())
                    .build();
        }

        @Bean
        SpringAiTools springAiToolBean() {
            return new SpringAiTools();
        }
    }

    static class OwnTools {

        @AsyncTool(timeout = "100ms")
        String alone(String word, int millis) {
            return Pause.then(word, millis);
        }

        @AsyncTool(timeout = "100ms")
        Mono<String> reactive(String word, int millis) {
            return Pause.thenMono(word, millis);
        }

        @AsyncTool(timeout = "100ms")
        CompletableFuture<String> promised(String word, int millis) {
            return Pause.thenMono(word, millis).toFuture();
        }

        @AsyncTool(name = "overridden", timeout = "15s")
        String toBeOverridden(String word, int millis) {
            return Pause.then(word, millis);
        }

        @McpTool(name = "with_context", title = "With Context", description = "Knows its operation")
        @AsyncTool(timeout = "100ms")
        String withContext(String word, int millis, OperationContext context) {
            context.progress(1, null, "on it");
            return Pause.then(word, millis);
        }
    }

    interface Api {}

    static class HiddenTools implements Api {

        @AsyncTool(timeout = "100ms")
        public String hidden(String word, int millis) {
            return Pause.then(word, millis);
        }

        @McpTool(name = "hidden_beside")
        @AsyncTool(timeout = "100ms")
        public String hiddenBeside(String word, int millis) {
            return Pause.then(word, millis);
        }
    }

    /** One of them for each call. */
    static class PrototypeTools {

        private int calls;

        @AsyncTool(timeout = "100ms")
        public String prototype(String word, int millis) {
            assertThat(calls++).isZero();
            return Pause.then(word, millis);
        }
    }

    static class ProxiedTools {

        @AsyncTool(timeout = "100ms")
        public String proxied(String word, int millis) {
            return Pause.then(word, millis);
        }
    }

    static class SpringAiTools {

        @Tool(name = "spring_ai", description = "A tool of Spring AI's")
        @AsyncTool(timeout = "100ms")
        String springAi(String word, int millis) {
            return Pause.then(word, millis);
        }
    }

    @BeforeAll
    void start() {
        List<String> properties = new ArrayList<>(List.of(PROPERTIES));
        properties.add("spring.ai.mcp.server.type=" + type);
        properties.addAll(List.of(more));
        server = TestServer.start(WebApplicationType.SERVLET, tools, properties.toArray(String[]::new));
        client = server.connect();
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alone",
                "reactive",
                "promised",
                "overridden",
                "with_context",
                "proxied",
                "hidden",
                "hidden_beside",
                "prototype",
                "spring_ai",
                "beside",
                "configured",
                "handmade"
            })
    void answersInTimeOrWithAHandle(String tool) {
        assertThat(said(ended(call(client, tool, Map.of("word", "now", "millis", 1)))))
                .isEqualTo("said now");
        String word = tool + " on a " + type + " server";
        CallToolResult processing = call(client, tool, Map.of("word", word, "millis", 30_000));
        assertThat(structured(processing)).as(tool).containsEntry("operation_type", tool);
        Pause.release(word);
        assertThat(said(ended(processing))).isEqualTo("said " + word);
    }

    McpSyncClient client() {
        return client;
    }

    /** On a busy machine even what takes no time may be answered with a handle. */
    private CallToolResult ended(CallToolResult answer) {
        return structured(answer) == null
                ? answer
                : call(
                        client,
                        "continue_operation",
                        Map.of("operation_id", structured(answer).get("operation_id")));
    }

    /** Spring AI quotes what its tool callbacks return. */
    private static String said(CallToolResult result) {
        return text(result).replace("\"", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"switched_off", "handmade_plain"})
    void staysPlain(String tool) {
        assertThat(text(call(client, tool, Map.of("word", "x", "millis", 400)))).isEqualTo("said x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"with_context", "beside"})
    void mcpToolDescribesTheToolItStandsBeside(String name) {
        McpSchema.Tool tool = tool(name);
        assertThat(tool.title()).isEqualTo(name.equals("beside") ? "Beside" : "With Context");
        assertThat(tool.description()).isEqualTo(name.equals("beside") ? "Stands beside" : "Knows its operation");
        assertThat(tool.inputSchema().toString()).contains("word", "millis").doesNotContain("context");
        assertThat(client.listTools().tools()).extracting(McpSchema.Tool::name).doesNotHaveDuplicates();
    }

    @Test
    void toolOfSpringAiKeepsItsDescription() {
        assertThat(tool("spring_ai").description()).isEqualTo("A tool of Spring AI's");
    }

    McpSchema.Tool tool(String name) {
        return client.listTools().tools().stream()
                .filter(tool -> tool.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void callFromJavaIsAPlainCall() {
        assertThat(server.bean(OwnTools.class).alone("x", 300)).isEqualTo("said x");
    }

    @Test
    void adviceOnAToolBeanApplies() {
        assertThat(AopUtils.isCglibProxy(server.bean(ProxiedTools.class))).isTrue();
        int before = server.bean(AtomicInteger.class).get();
        ended(call(client, "proxied", Map.of("word", "x", "millis", 1)));
        assertThat(server.bean(AtomicInteger.class)).hasValue(before + 1);
    }
}
