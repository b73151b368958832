package io.asyncmcp.autoconfigure.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationOwner;
import io.asyncmcp.autoconfigure.ContextRunners;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.OperationOwnerResolver;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.SuperMethodCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.tool.ToolCallbackProvider;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.method.MethodToolCallbackProvider;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** The same method answers the same, whichever annotation makes it a tool, on every kind of server. */
class ReturnTypesTests {

    private static final String NO_RESULT = "error: Tool %s returned no result. This is a defect of the tool.";

    private static final String REPORT = "{\"title\":\"a\",\"pages\":[1,2]}";

    /** What a method of {@link Returning} is answered with; docs/tools.md has the same table in words. */
    private static final Map<String, String> ANSWERS = new TreeMap<>(Map.ofEntries(
            Map.entry("string", "hello"),
            Map.entry("stringNull", NO_RESULT),
            Map.entry("stringNullable", "null"),
            Map.entry("objectThatIsAMono", "hello"),
            Map.entry("number", "7"),
            Map.entry("bytes", "\"aGVsbG8=\""),
            Map.entry("image", "image/png"),
            Map.entry("object", REPORT),
            Map.entry("objectNull", NO_RESULT),
            Map.entry("list", "[" + REPORT + "]"),
            Map.entry("listEmpty", "[]"),
            Map.entry("array", "[" + REPORT + "]"),
            Map.entry("map", "{\"a\":1,\"b\":2}"),
            Map.entry("optional", REPORT),
            Map.entry("optionalEmpty", "null"),
            Map.entry("nothing", "\"Done\""),
            Map.entry("nothingBoxed", "\"Done\""),
            Map.entry("content", "hello"),
            Map.entry("contents", "hello, hello"),
            Map.entry("result", "part {part=1}"),
            Map.entry("resultError", "error: no"),
            Map.entry("resultNull", NO_RESULT),
            Map.entry("stage", "hello"),
            Map.entry("future", REPORT),
            Map.entry("futureNull", NO_RESULT),
            Map.entry("stageOfNothing", "\"Done\""),
            Map.entry("futureFailed", "error: %s failed: the line is dead"),
            Map.entry("futureOfMono", "hello"),
            Map.entry("plainFuture", "hello"),
            Map.entry("mono", "hello"),
            Map.entry("monoOfObject", REPORT),
            Map.entry("monoEmpty", NO_RESULT),
            Map.entry("monoNull", NO_RESULT),
            Map.entry("monoOfNothing", "\"Done\""),
            Map.entry("monoOfOptionalEmpty", "null"),
            Map.entry("monoOfResult", "part {part=1}"),
            Map.entry("monoFailed", "error: %s failed: the line is dead"),
            Map.entry("flux", "[" + REPORT + "," + REPORT + "]"),
            Map.entry("fluxOfOne", "[\"hello\"]"),
            Map.entry("fluxEmpty", "[]"),
            Map.entry("fluxOfNothing", "\"Done\""),
            Map.entry("fluxOfResults", "part, part {result=[{part=1}, {part=1}]}"),
            Map.entry("publisher", "[\"a\",\"b\"]"),
            Map.entry("flow", "[\"a\",\"b\"]"),
            Map.entry("checked", "error: %s failed: the disk is full"),
            Map.entry("unchecked", "error: %s failed: no such page"),
            Map.entry("internal", "error: %s failed: an internal error"),
            Map.entry("protocolError", "-32042 go there first"),
            Map.entry("protocolErrorLater", "-32042 go there first")));

    /** How a method becomes an asynchronous tool. */
    enum Way {
        ALONE(true, null),
        BESIDE_MCP_TOOL(true, McpTool.class),
        BESIDE_TOOL(true, Tool.class),
        MCP_TOOL_IN_YAML(false, McpTool.class),
        TOOL_IN_YAML(false, Tool.class);

        private final boolean annotated;

        private final Class<? extends Annotation> other;

        private final Class<? extends Returning> type;

        Way(boolean annotated, Class<? extends Annotation> other) {
            this.annotated = annotated;
            this.other = other;
            this.type = type();
        }

        String nameOf(String method) {
            return name().toLowerCase(Locale.ROOT) + "_" + method;
        }

        /** The same methods, with these annotations. */
        private Class<? extends Returning> type() {
            DynamicType.Builder<Returning> type =
                    new ByteBuddy().subclass(Returning.class).name("io.asyncmcp.autoconfigure.tool." + name());
            for (Method method : methods()) {
                List<AnnotationDescription> annotations = new ArrayList<>();
                for (Annotation present : method.getAnnotations()) {
                    annotations.add(AnnotationDescription.ForLoadedAnnotation.of(present));
                }
                if (annotated) {
                    annotations.add(annotation(AsyncTool.class, other == null ? method : null));
                }
                if (other != null) {
                    annotations.add(annotation(other, method));
                }
                type = type.define(method).intercept(SuperMethodCall.INSTANCE).annotateMethod(annotations);
            }
            return type.make()
                    .load(Returning.class.getClassLoader(), ClassLoadingStrategy.UsingLookup.of(MethodHandles.lookup()))
                    .getLoaded();
        }

        private AnnotationDescription annotation(Class<? extends Annotation> type, Method named) {
            AnnotationDescription.Builder builder = AnnotationDescription.Builder.ofType(type);
            return (named == null ? builder : builder.define("name", nameOf(named.getName()))).build();
        }
    }

    @ParameterizedTest
    @CsvSource({"STREAMABLE, SYNC", "STREAMABLE, ASYNC", "STATELESS, SYNC", "STATELESS, ASYNC"})
    void theSameMethodAnswersTheSame(String protocol, String type) {
        WebApplicationContextRunner runner = ContextRunners.webMvc()
                .withPropertyValues(
                        "spring.ai.mcp.server.protocol=" + protocol,
                        "spring.ai.mcp.server.type=" + type,
                        "logging.level.io.asyncmcp=off");
        for (Way way : Way.values()) {
            Object bean = BeanUtils.instantiateClass(way.type);
            runner = runner.withBean("tools " + way, Object.class, () -> bean);
            if (way.other == Tool.class) {
                runner = runner.withBean("callbacks " + way, ToolCallbackProvider.class, () -> callbacks(bean));
            }
            if (!way.annotated) {
                runner = runner.withPropertyValues(ANSWERS.keySet().stream()
                        .map(method -> "async.mcp.tools[" + way.nameOf(method) + "].enabled=true")
                        .toArray(String[]::new));
            }
        }
        Returning.Converted converted = new Returning.Converted();
        runner.withBean(OperationOwnerResolver.class, () -> (call, session) -> OperationOwner.principal("test"))
                .withBean(Returning.Converted.class, () -> converted)
                .withBean("callbacks", ToolCallbackProvider.class, () -> callbacks(converted))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    Map<String, Handler> tools = tools(context);
                    Map<String, String> wrong = new TreeMap<>();
                    for (Way way : Way.values()) {
                        ANSWERS.forEach((method, expected) -> {
                            String name = way.nameOf(method);
                            String answer = tools.containsKey(name) ? answer(tools.get(name), name) : "no tool";
                            if (!answer.equals(expected.formatted(name))) {
                                wrong.put(name, answer);
                            }
                        });
                    }
                    assertThat(wrong).isEmpty();
                    assertThat(answer(tools.get("shouted"), "shouted")).isEqualTo("HELLO");
                });
    }

    @Test
    void everyMethodIsInTheTable() {
        assertThat(methods()).extracting(Method::getName).containsExactlyInAnyOrderElementsOf(ANSWERS.keySet());
    }

    private static List<Method> methods() {
        return Arrays.stream(Returning.class.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .toList();
    }

    private static ToolCallbackProvider callbacks(Object bean) {
        return MethodToolCallbackProvider.builder().toolObjects(bean).build();
    }

    private interface Handler {
        CallToolResult call(CallToolRequest request);
    }

    private static Map<String, Handler> tools(ApplicationContext context) {
        Map<String, Handler> tools = new TreeMap<>();
        McpAsyncServerExchange exchange =
                new McpAsyncServerExchange("session", null, null, null, McpTransportContext.EMPTY);
        context.getBeansOfType(List.class)
                .values()
                .forEach(list -> ((List<?>) list).forEach(each -> {
                    if (each instanceof McpServerFeatures.SyncToolSpecification tool) {
                        tools.put(
                                tool.tool().name(),
                                request -> tool.callHandler().apply(new McpSyncServerExchange(exchange), request));
                    } else if (each instanceof McpServerFeatures.AsyncToolSpecification tool) {
                        tools.put(
                                tool.tool().name(),
                                request -> tool.callHandler()
                                        .apply(exchange, request)
                                        .block());
                    } else if (each instanceof McpStatelessServerFeatures.SyncToolSpecification tool) {
                        tools.put(
                                tool.tool().name(),
                                request -> tool.callHandler().apply(McpTransportContext.EMPTY, request));
                    } else if (each instanceof McpStatelessServerFeatures.AsyncToolSpecification tool) {
                        tools.put(
                                tool.tool().name(),
                                request -> tool.callHandler()
                                        .apply(McpTransportContext.EMPTY, request)
                                        .block());
                    }
                }));
        return tools;
    }

    private static String answer(Handler tool, String name) {
        try {
            CallToolResult result =
                    tool.call(CallToolRequest.builder(name).arguments(Map.of()).build());
            String text = result.content().stream().map(ReturnTypesTests::shown).collect(Collectors.joining(", "));
            boolean ofTheTool =
                    result.structuredContent() instanceof Map<?, ?> content && !content.containsKey("status");
            return (Boolean.TRUE.equals(result.isError()) ? "error: " : "")
                    + text
                    + (ofTheTool ? " " + result.structuredContent() : "");
        } catch (McpError e) {
            return e.getJsonRpcError().code() + " " + e.getJsonRpcError().message();
        }
    }

    private static String shown(Content content) {
        return content instanceof ImageContent image ? image.mimeType() : ((TextContent) content).text();
    }
}
