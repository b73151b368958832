package io.asyncmcp.autoconfigure.modern;

import static io.asyncmcp.autoconfigure.ContextRunners.ASYNC;
import static io.asyncmcp.autoconfigure.ContextRunners.STATELESS;
import static io.asyncmcp.autoconfigure.ContextRunners.STREAMABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.ContextRunners;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.tool.AsyncTools;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Which handlers run beside the operations for clients of protocol 2026-07-28, and which are operations. */
class PlainWorkWrappingTests {

    private static final String OFF = "async.mcp.protocol.enabled=false";

    private static WebApplicationContextRunner server(String protocol, String type) {
        WebApplicationContextRunner runner =
                ContextRunners.webMvc().withPropertyValues(protocol, "spring.ai.mcp.server.type=" + type);
        return ASYNC.endsWith("=" + type) ? runner.withBean(Reactive.class) : runner.withBean(Imperative.class);
    }

    /** What handles what, by the name of the tool, prompt or resource. */
    private static Map<String, Object> handlers(ApplicationContext context) {
        Map<String, Object> handlers = new LinkedHashMap<>();
        context.getBeansOfType(List.class)
                .values()
                .forEach(list -> ((List<?>) list).forEach(specification -> {
                    if (specification instanceof SyncToolSpecification tool) {
                        handlers.put(tool.tool().name(), tool.callHandler());
                    } else if (specification instanceof McpServerFeatures.AsyncToolSpecification tool) {
                        handlers.put(tool.tool().name(), tool.callHandler());
                    } else if (specification instanceof McpStatelessServerFeatures.SyncToolSpecification tool) {
                        handlers.put(tool.tool().name(), tool.callHandler());
                    } else if (specification instanceof McpStatelessServerFeatures.AsyncToolSpecification tool) {
                        handlers.put(tool.tool().name(), tool.callHandler());
                    } else if (specification instanceof McpServerFeatures.SyncPromptSpecification prompt) {
                        handlers.put(prompt.prompt().name(), prompt.promptHandler());
                    } else if (specification instanceof McpServerFeatures.AsyncPromptSpecification prompt) {
                        handlers.put(prompt.prompt().name(), prompt.promptHandler());
                    } else if (specification instanceof McpServerFeatures.SyncResourceSpecification resource) {
                        handlers.put(resource.resource().name(), resource.readHandler());
                    } else if (specification instanceof McpServerFeatures.AsyncResourceSpecification resource) {
                        handlers.put(resource.resource().name(), resource.readHandler());
                    } else if (specification instanceof McpServerFeatures.SyncResourceTemplateSpecification template) {
                        handlers.put(template.resourceTemplate().name(), template.readHandler());
                    } else if (specification instanceof McpServerFeatures.AsyncResourceTemplateSpecification template) {
                        handlers.put(template.resourceTemplate().name(), template.readHandler());
                    }
                }));
        return handlers;
    }

    private static boolean isWrapped(Object handler) {
        return handler.getClass().getName().startsWith("io.asyncmcp.server.modern.");
    }

    private static void assertWrapped(Map<String, Object> handlers, String... names) {
        for (String name : names) {
            assertThat(handlers).containsKey(name);
            assertThat(isWrapped(handlers.get(name))).as(name).isTrue();
            assertThat(AsyncTools.runsOperations(handlers.get(name))).as(name).isFalse();
        }
    }

    private static void assertAsynchronous(Map<String, Object> handlers, String... names) {
        for (String name : names) {
            assertThat(handlers).containsKey(name);
            assertThat(isWrapped(handlers.get(name))).as(name).isFalse();
            assertThat(AsyncTools.runsOperations(handlers.get(name))).as(name).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({STREAMABLE + ",SYNC", STREAMABLE + ",ASYNC", STATELESS + ",SYNC", STATELESS + ",ASYNC"})
    void plainToolsAreWrappedAndAsynchronousAndGeneratedOnesAreNot(String protocol, String type) {
        server(protocol, type)
                .withPropertyValues("async.mcp.tools.configured.enabled=true", "async.mcp.cancel-tool.enabled=true")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    Map<String, Object> handlers = handlers(context);
                    assertWrapped(handlers, "plain");
                    assertAsynchronous(
                            handlers, "beside", "configured", "alone", "continue_operation", "cancel_operation");
                });
    }

    @ParameterizedTest
    @CsvSource({"SYNC", "ASYNC"})
    void promptsAndResourcesAreWrappedToo(String type) {
        server(STREAMABLE, type)
                .run(context -> assertWrapped(handlers(context), "a_prompt", "a_resource", "a_template"));
    }

    @ParameterizedTest
    @CsvSource({STREAMABLE + ",SYNC", STREAMABLE + ",ASYNC", STATELESS + ",SYNC", STATELESS + ",ASYNC"})
    void nothingIsWrappedWithoutTheProtocol(String protocol, String type) {
        server(protocol, type).withPropertyValues(OFF).run(context -> {
            assertThat(context).hasNotFailed();
            Map<String, Object> handlers = handlers(context);
            assertThat(handlers).containsKeys("plain", "beside");
            assertThat(handlers.values()).noneMatch(PlainWorkWrappingTests::isWrapped);
            assertAsynchronous(handlers, "beside", "alone", "continue_operation");
        });
    }

    @Test
    void listsOfTheApplicationAreWrapped() {
        ContextRunners.webMvc()
                .withPropertyValues(STREAMABLE, "async.mcp.tools.own_slow.enabled=true")
                .withUserConfiguration(OwnLists.class)
                .run(context -> {
                    Map<String, Object> handlers = handlers(context);
                    assertWrapped(handlers, "own_plain");
                    assertAsynchronous(handlers, "own_slow");
                    assertThat(context.getBean("words")).isSameAs(OwnLists.WORDS);
                });
        ContextRunners.webMvc()
                .withPropertyValues(STREAMABLE, OFF)
                .withUserConfiguration(OwnLists.class)
                .run(context -> assertThat(context.getBean("own")).isSameAs(OwnLists.TOOLS));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnLists {

        static final List<String> WORDS = List.of("a", "b");

        static final List<SyncToolSpecification> TOOLS = List.of(tool("own_plain"), tool("own_slow"));

        private static SyncToolSpecification tool(String name) {
            return SyncToolSpecification.builder()
                    .tool(Tool.builder(name, Map.of("type", "object")).build())
                    .callHandler((exchange, request) ->
                            CallToolResult.builder().addTextContent(name).build())
                    .build();
        }

        @Bean
        List<SyncToolSpecification> own() {
            return TOOLS;
        }

        @Bean
        List<String> words() {
            return WORDS;
        }
    }

    static class Imperative {

        @McpTool
        public String plain() {
            return "";
        }

        @McpTool
        public String configured() {
            return "";
        }

        @McpTool
        @AsyncTool
        public String beside() {
            return "";
        }

        @AsyncTool
        String alone() {
            return "";
        }

        @McpPrompt(name = "a_prompt")
        public GetPromptResult prompt() {
            return new GetPromptResult(null, List.of());
        }

        @McpResource(name = "a_resource", uri = "test://resource")
        public ReadResourceResult resource() {
            return new ReadResourceResult(List.of());
        }

        @McpResource(name = "a_template", uri = "test://resource/{id}")
        public ReadResourceResult template(String id) {
            return new ReadResourceResult(List.of());
        }
    }

    static class Reactive {

        @McpTool
        public Mono<String> plain() {
            return Mono.empty();
        }

        @McpTool
        public Mono<String> configured() {
            return Mono.empty();
        }

        @McpTool
        @AsyncTool
        public Mono<String> beside() {
            return Mono.empty();
        }

        @AsyncTool
        Mono<String> alone() {
            return Mono.empty();
        }

        @McpPrompt(name = "a_prompt")
        public Mono<GetPromptResult> prompt() {
            return Mono.empty();
        }

        @McpResource(name = "a_resource", uri = "test://resource")
        public Mono<ReadResourceResult> resource() {
            return Mono.empty();
        }

        @McpResource(name = "a_template", uri = "test://resource/{id}")
        public Mono<ReadResourceResult> template(String id) {
            return Mono.empty();
        }
    }
}
