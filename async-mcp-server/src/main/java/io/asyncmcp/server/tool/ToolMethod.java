package io.asyncmcp.server.tool;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.exchange.DetachedExchange;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ToolContext;
import org.springframework.ai.mcp.McpToolUtils;
import org.springframework.ai.mcp.annotation.context.DefaultMcpAsyncRequestContext;
import org.springframework.ai.mcp.annotation.context.DefaultMcpSyncRequestContext;
import org.springframework.ai.mcp.annotation.context.McpAsyncRequestContext;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.mcp.annotation.method.tool.AbstractMcpToolMethodCallback;
import org.springframework.ai.mcp.annotation.method.tool.ReturnMode;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;

/**
 * Runs an annotated method as a tool on any kind of server, with arguments as Spring AI makes them and an {@link OperationContext}.
 * An imperative method can serve a reactive server, and the reverse, because it runs on the operation's thread.
 */
final class ToolMethod extends AbstractMcpToolMethodCallback<DetachedExchange, McpSyncRequestContext>
        implements ToolBody {

    private final Tool tool;

    private final Method declared;

    private final ToolTarget target;

    private final MethodResults results;

    private ToolMethod(Tool tool, Method declared, ToolTarget target, MethodResults results) {
        super(ReturnMode.TEXT, declared, target);
        this.tool = tool;
        this.declared = declared;
        this.target = target;
        this.results = results;
    }

    /** A method whose own annotations describe the tool. */
    static ToolMethod described(String name, Method declared, ToolTarget target) {
        ReturnType type = ReturnType.of(declared, target.type());
        ToolDescription.Output output = ToolDescription.output(declared, type);
        return new ToolMethod(
                ToolDescription.describe(name, declared, output.schema()),
                declared,
                target,
                new MethodResults(type, output.form(), null));
    }

    /** A {@code @Tool} method, which Spring AI has described. */
    static ToolMethod ofSpringAi(Tool tool, Method declared, ToolTarget target) {
        return new ToolMethod(
                ToolDescription.corrected(tool, declared),
                declared,
                target,
                new MethodResults(
                        ReturnType.of(declared, target.type()),
                        MethodResults.Form.TEXT,
                        ToolDescription.converter(declared)));
    }

    Tool tool() {
        return tool;
    }

    static boolean takesOperationContext(Method method) {
        return Arrays.asList(method.getParameterTypes()).contains(OperationContext.class);
    }

    /** Refuses parameters that a stateless server cannot provide. */
    void requireStateless() {
        for (Class<?> type : declared.getParameterTypes()) {
            if (McpSyncRequestContext.class.isAssignableFrom(type)
                    || McpAsyncRequestContext.class.isAssignableFrom(type)
                    || isExchange(type)) {
                throw new InvalidToolException(
                        "@AsyncTool method " + declared + " must not take a " + type.getSimpleName()
                                + " on a STATELESS server, where nothing can be asked of the client.",
                        "Use OperationContext for progress and cancellation, or"
                                + " spring.ai.mcp.server.protocol=STREAMABLE.");
            }
        }
    }

    /** What the method throws is the operation's failure, as it is. */
    @Override
    public @Nullable Object run(DetachedExchange exchange) throws Exception {
        try {
            return results.of(target.invoke(arguments(exchange)));
        } catch (InvocationTargetException e) {
            // A proxy says so where a method throws what it does not declare, as Kotlin's may.
            Throwable cause = e.getCause() instanceof UndeclaredThrowableException undeclared
                    ? undeclared.getUndeclaredThrowable()
                    : e.getCause();
            if (cause instanceof Exception exception) {
                throw exception;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }

    private @Nullable Object[] arguments(DetachedExchange exchange) {
        Parameter[] parameters = declared.getParameters();
        @Nullable Object[] arguments = converted(exchange);
        for (int i = 0; i < parameters.length; i++) {
            Object injected = injected(parameters[i].getType(), exchange);
            if (injected != null) {
                arguments[i] = injected;
            } else if (arguments[i] == null && isNeeded(i)) {
                throw new IllegalArgumentException(
                        "argument " + parameters[i].getName() + " of " + tool.name() + " is missing");
            }
        }
        return arguments;
    }

    /** Kotlin says of every parameter whether it may be left out; in Java primitive ones may not. */
    private boolean isNeeded(int index) {
        boolean kotlin = KotlinDetector.isKotlinReflectPresent()
                && KotlinDetector.isKotlinType(toolMethod.getDeclaringClass())
                && !ToolDescription.isContinuation(toolMethod, index);
        return (kotlin || toolMethod.getParameterTypes()[index].isPrimitive())
                && !new MethodParameter(toolMethod, index).isOptional();
    }

    private @Nullable Object[] converted(DetachedExchange exchange) {
        try {
            return buildMethodArguments(exchange, exchange.request().arguments(), exchange.request());
        } catch (RuntimeException e) {
            // What the conversion says names Java types, which mean nothing to a client.
            throw new IllegalArgumentException(complaint(exchange, e), e);
        }
    }

    /** The conversion does not say which argument failed. */
    private String complaint(DetachedExchange exchange, RuntimeException error) {
        for (Parameter parameter : toolMethod.getParameters()) {
            Object value = exchange.request().arguments().get(parameter.getName());
            try {
                buildTypedArgument(value, parameter.getParameterizedType());
            } catch (RuntimeException e) {
                return ArgumentRules.violated(tool.name(), parameter.getName(), parameter.getParameterizedType(), e);
            }
        }
        return "an argument does not fit the input schema of " + tool.name();
    }

    private static @Nullable Object injected(Class<?> type, DetachedExchange exchange) {
        if (type == OperationContext.class) {
            return exchange.context();
        }
        if (McpSyncRequestContext.class.isAssignableFrom(type)) {
            return syncContext(exchange, exchange.request());
        }
        if (McpAsyncRequestContext.class.isAssignableFrom(type)) {
            return DefaultMcpAsyncRequestContext.builder()
                    .request(exchange.request())
                    .exchange(exchange.exchange())
                    .build();
        }
        if (McpSyncServerExchange.class.isAssignableFrom(type)) {
            return new McpSyncServerExchange(exchange.exchange());
        }
        if (ToolContext.class.isAssignableFrom(type)) {
            return toolContext(exchange);
        }
        return McpAsyncServerExchange.class.isAssignableFrom(type) ? exchange.exchange() : null;
    }

    /** As Spring AI makes it: on a stateless server there is no exchange. */
    private static ToolContext toolContext(DetachedExchange exchange) {
        return new ToolContext(Map.of(
                McpToolUtils.TOOL_CONTEXT_MCP_EXCHANGE_KEY,
                exchange.exchange().sessionId() == null
                        ? exchange.transportContext()
                        : new McpSyncServerExchange(exchange.exchange())));
    }

    private static McpSyncRequestContext syncContext(DetachedExchange exchange, CallToolRequest request) {
        return DefaultMcpSyncRequestContext.builder()
                .request(request)
                .exchange(new McpSyncServerExchange(exchange.exchange()))
                .build();
    }

    private static boolean isExchange(Class<?> type) {
        return McpSyncServerExchange.class.isAssignableFrom(type)
                || McpAsyncServerExchange.class.isAssignableFrom(type);
    }

    @Override
    protected boolean isExchangeOrContextType(Class<?> type) {
        return isExchange(type) || type == OperationContext.class || ToolContext.class.isAssignableFrom(type);
    }

    @Override
    protected McpSyncRequestContext createRequestContext(DetachedExchange exchange, CallToolRequest request) {
        return syncContext(exchange, request);
    }

    @Override
    protected McpTransportContext resolveTransportContext(DetachedExchange exchange) {
        return exchange.transportContext();
    }
}
