package io.asyncmcp.server.tool;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.common.MetaUtils;
import org.springframework.ai.mcp.annotation.method.tool.ReactiveUtils;
import org.springframework.ai.mcp.annotation.method.tool.ReturnMode;
import org.springframework.ai.mcp.annotation.method.tool.utils.McpJsonSchemaGenerator;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * How an annotated method is shown to clients: its name, schemas and hints, from whichever annotation carries them.
 *
 * <p>Schemas are made by Spring AI; what is added is that an {@link OperationContext} is no argument.
 */
final class ToolDescription {

    private static final TypeRef<Map<String, Object>> JSON_OBJECT = new TypeRef<>() {};

    private ToolDescription() {}

    /** The attributes that describe a tool, from whichever annotation carries them. */
    private record Description(String title, String description, McpTool.McpAnnotations hints, boolean outputSchema) {

        static Description of(Method method) {
            McpTool mcpTool = AnnotatedElementUtils.findMergedAnnotation(method, McpTool.class);
            if (mcpTool != null) {
                return new Description(
                        mcpTool.title(), mcpTool.description(), mcpTool.annotations(), mcpTool.generateOutputSchema());
            }
            AsyncTool asyncTool = Objects.requireNonNull(
                    AnnotatedElementUtils.findMergedAnnotation(method, AsyncTool.class), "@AsyncTool");
            return new Description(
                    asyncTool.title(),
                    asyncTool.description(),
                    asyncTool.annotations(),
                    asyncTool.generateOutputSchema());
        }
    }

    static Tool describe(String name, Method method) {
        Description description = Description.of(method);
        McpTool.McpAnnotations hints = description.hints();
        String title = StringUtils.hasText(description.title()) ? description.title() : hints.title();
        McpTool mcpTool = AnnotatedElementUtils.findMergedAnnotation(method, McpTool.class);
        Type outputType = outputType(method);
        return new Tool(
                name,
                StringUtils.hasText(title) ? title : name,
                description.description(),
                inputSchema(method),
                outputType == null ? null : parse(McpJsonSchemaGenerator.generateFromType(outputType)),
                new ToolAnnotations(
                        hints.title(),
                        hints.readOnlyHint(),
                        hints.destructiveHint(),
                        hints.idempotentHint(),
                        hints.openWorldHint(),
                        null),
                mcpTool == null ? null : MetaUtils.getMeta(mcpTool.metaProvider()),
                null);
    }

    /** Spring AI's generator takes the operation context for an argument; here it is taken out again. */
    private static Map<String, Object> inputSchema(Method method) {
        Map<String, Object> schema = new LinkedHashMap<>(parse(McpJsonSchemaGenerator.generateForMethodInput(method)));
        for (Parameter parameter : method.getParameters()) {
            if (parameter.getType() == OperationContext.class) {
                if (schema.get("properties") instanceof Map<?, ?> properties) {
                    Map<Object, Object> visible = new LinkedHashMap<>(properties);
                    visible.remove(parameter.getName());
                    schema.put("properties", visible);
                }
                if (schema.get("required") instanceof List<?> required) {
                    List<Object> visible = new ArrayList<>(required);
                    visible.remove(parameter.getName());
                    schema.put("required", visible);
                }
            }
        }
        return schema;
    }

    private static Map<String, Object> parse(String json) {
        try {
            return McpJsonDefaults.getMapper().readValue(json, JSON_OBJECT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ReturnMode returnMode(Method method) {
        if (outputType(method) != null) {
            return ReturnMode.STRUCTURED;
        }
        boolean isVoid = method.getReturnType() == void.class
                || ReactiveUtils.isReactiveReturnTypeOfVoid(method)
                || ResolvableType.forMethodReturnType(method)
                                .as(CompletionStage.class)
                                .getGeneric()
                                .resolve()
                        == Void.class;
        return isVoid ? ReturnMode.VOID : ReturnMode.TEXT;
    }

    /** Returns the type whose schema is published, or {@code null} if none is. */
    private static @Nullable Type outputType(Method method) {
        if (!Description.of(method).outputSchema()) {
            return null;
        }
        boolean reactive = Publisher.class.isAssignableFrom(method.getReturnType());
        Type type = reactive
                ? ReactiveUtils.getReactiveReturnTypeArgument(method).orElse(null)
                : method.getGenericReturnType();
        if (type == null || type == CallToolResult.class || type == void.class || type == Void.class) {
            return null;
        }
        boolean simple = type instanceof Class<?> plain
                && (ClassUtils.isPrimitiveOrWrapper(plain) || ClassUtils.isSimpleValueType(plain));
        return simple ? null : type;
    }
}
