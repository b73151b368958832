package io.asyncmcp.server.tool;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.answer.OutputSchemas;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.common.MetaUtils;
import org.springframework.ai.mcp.annotation.method.tool.utils.McpJsonSchemaGenerator;
import org.springframework.ai.tool.execution.DefaultToolCallResultConverter;
import org.springframework.ai.tool.execution.ToolCallResultConverter;
import org.springframework.ai.tool.support.ToolUtils;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/** Describes an annotated method to clients, with schemas that Spring AI makes and without an {@link OperationContext} in them. */
final class ToolDescription {

    private static final TypeRef<Map<String, Object>> JSON_OBJECT = new TypeRef<>() {};

    private ToolDescription() {}

    /** The attributes that describe a tool, from whichever annotation has them. */
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

    /** Describes a method by its annotations. */
    static Tool describe(String name, Method method, @Nullable Map<String, Object> outputSchema) {
        Description description = Description.of(method);
        McpTool.McpAnnotations hints = description.hints();
        String title = StringUtils.hasText(description.title()) ? description.title() : hints.title();
        McpTool mcpTool = AnnotatedElementUtils.findMergedAnnotation(method, McpTool.class);
        return new Tool(
                name,
                StringUtils.hasText(title) ? title : name,
                description.description(),
                inputSchema(method),
                outputSchema,
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

    /** A tool that Spring AI has described, with only the arguments that a client can give. */
    static Tool corrected(Tool tool, Method method) {
        Map<String, Object> schema = withArgumentsAlone(tool.inputSchema(), method);
        return schema.equals(tool.inputSchema())
                ? tool
                : new Tool(
                        tool.name(),
                        tool.title(),
                        tool.description(),
                        schema,
                        tool.outputSchema(),
                        tool.annotations(),
                        tool.meta(),
                        tool.icons());
    }

    private static Map<String, Object> inputSchema(Method method) {
        return withArgumentsAlone(parse(McpJsonSchemaGenerator.generateForMethodInput(method)), method);
    }

    /** Spring AI's generators take injected parameters for arguments, and those with a default for required. */
    private static Map<String, Object> withArgumentsAlone(Map<String, Object> generated, Method method) {
        Map<String, Object> schema = new LinkedHashMap<>(generated);
        Parameter[] parameters = method.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            boolean injected = parameters[i].getType() == OperationContext.class || isContinuation(method, i);
            if (injected && schema.get("properties") instanceof Map<?, ?> properties) {
                Map<Object, Object> visible = new LinkedHashMap<>(properties);
                visible.remove(parameters[i].getName());
                schema.put("properties", visible);
            }
            if ((injected || hasDefault(method, i)) && schema.get("required") instanceof List<?> required) {
                List<Object> needed = new ArrayList<>(required);
                needed.remove(parameters[i].getName());
                schema.put("required", needed);
            }
        }
        return schema;
    }

    static boolean isContinuation(Method method, int parameter) {
        return KotlinDetector.isSuspendingFunction(method) && parameter == method.getParameterCount() - 1;
    }

    private static boolean hasDefault(Method method, int parameter) {
        return KotlinDetector.isKotlinReflectPresent()
                && KotlinDetector.isKotlinType(method.getDeclaringClass())
                && new MethodParameter(method, parameter).isOptional();
    }

    private static Map<String, Object> parse(String json) {
        try {
            return McpJsonDefaults.getMapper().readValue(json, JSON_OBJECT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How values go out, and the schema if one is published. */
    record Output(MethodResults.Form form, @Nullable Map<String, Object> schema) {}

    static Output output(Method method, ReturnType type) {
        if (!Description.of(method).outputSchema() || type.nothing() || isText(type)) {
            return new Output(MethodResults.Form.TEXT, null);
        }
        Map<String, Object> own = parse(OutputTypes.schema(type.whole()));
        return type.optional() || !OutputSchemas.isObject(own)
                ? new Output(MethodResults.Form.WRAPPED, OutputSchemas.wrap(own, type.optional()))
                : new Output(MethodResults.Form.STRUCTURED, own);
    }

    /** Whether values go out as text or as finished content. */
    private static boolean isText(ReturnType type) {
        Class<?> value = type.value().resolve(Object.class);
        return CallToolResult.class.isAssignableFrom(type.element())
                || Content.class.isAssignableFrom(type.element())
                || Images.isImage(value)
                || value == byte[].class
                || !type.many() && ClassUtils.isSimpleValueType(ClassUtils.resolvePrimitiveIfNecessary(value));
    }

    /** Returns the converter that a {@code @Tool} method chose, or {@code null} for the default. */
    static @Nullable ToolCallResultConverter converter(Method method) {
        ToolCallResultConverter converter = ToolUtils.getToolCallResultConverter(method);
        return converter instanceof DefaultToolCallResultConverter ? null : converter;
    }
}
