package io.asyncmcp.server.tool;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.exchange.DetachedExchange;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.ai.mcp.annotation.context.DefaultMcpAsyncRequestContext;
import org.springframework.ai.mcp.annotation.context.DefaultMcpSyncRequestContext;
import org.springframework.ai.mcp.annotation.context.McpAsyncRequestContext;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.mcp.annotation.method.tool.AbstractAsyncMcpToolMethodCallback;
import org.springframework.ai.mcp.annotation.method.tool.ReturnMode;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An annotated method that is made a tool here, on any kind of server.
 *
 * <p>Arguments, schemas and results are Spring AI's affair; what is added is the {@link OperationContext}, and that an
 * imperative method can serve a reactive server and the reverse, because it runs on the operation's thread.
 */
final class ToolMethod extends AbstractAsyncMcpToolMethodCallback<DetachedExchange, McpSyncRequestContext>
        implements ToolBody {

    private final Tool tool;

    private final Method declared;

    private final ToolTarget target;

    ToolMethod(String name, Method declared, ToolTarget target) {
        super(ToolDescription.returnMode(declared), declared, target, Exception.class);
        this.declared = declared;
        this.target = target;
        this.tool = ToolDescription.describe(name, declared);
    }

    Tool tool() {
        return tool;
    }

    static boolean takesOperationContext(Method method) {
        return Arrays.asList(method.getParameterTypes()).contains(OperationContext.class);
    }

    /** Refuses what a stateless server cannot give to a method. */
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

    @Override
    public @Nullable Object run(DetachedExchange exchange) throws Exception {
        Object result = invoke(arguments(exchange));
        if (result instanceof Publisher<?> publisher) {
            return converted(publisher instanceof Mono<?> mono ? mono : all(Flux.from(publisher)));
        }
        if (result instanceof CompletionStage<?> stage) {
            return converted(Mono.fromCompletionStage(stage));
        }
        // A method that promises a value and returns none has a defect, and its caller is told so.
        return result == null && returnMode != ReturnMode.VOID ? null : mapValueToCallToolResult(result);
    }

    /** Many values are a list of them; a finished result, or one with a schema, cannot be many. */
    private Mono<?> all(Flux<?> values) {
        return values.collectList().flatMap(list -> {
            boolean single = returnMode != ReturnMode.TEXT || list.stream().anyMatch(CallToolResult.class::isInstance);
            if (!single) {
                return Mono.just(list);
            }
            return list.size() > 1
                    ? Mono.error(new IllegalStateException(
                            "the tool returned " + list.size() + " results where one is expected"))
                    : Mono.justOrEmpty(list.stream().findFirst());
        });
    }

    /** As Spring AI does, but an error stays one: it is the operation's failure. */
    private Mono<CallToolResult> converted(Mono<?> result) {
        return returnMode == ReturnMode.VOID
                ? result.then(Mono.fromSupplier(() -> mapValueToCallToolResult(null)))
                : result.map(this::mapValueToCallToolResult);
    }

    @Override
    protected CallToolResult mapValueToCallToolResult(@Nullable Object value) {
        try {
            return super.mapValueToCallToolResult(value);
        } catch (RuntimeException e) {
            // What the conversion says names Java types, which mean nothing to a client.
            throw new IllegalStateException("the result cannot be written as JSON", e);
        }
    }

    /** What the method throws is the operation's failure, as it is. */
    private @Nullable Object invoke(@Nullable Object[] arguments) throws Exception {
        try {
            return target.invoke(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception exception) {
                throw exception;
            }
            if (e.getCause() instanceof Error error) {
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
            } else if (arguments[i] == null && parameters[i].getType().isPrimitive()) {
                throw new IllegalArgumentException(
                        "argument " + parameters[i].getName() + " of " + tool.name() + " is missing");
            }
        }
        return arguments;
    }

    private @Nullable Object[] converted(DetachedExchange exchange) {
        try {
            return buildMethodArguments(exchange, exchange.request().arguments(), exchange.request());
        } catch (RuntimeException e) {
            // What the conversion says names Java types, which mean nothing to a client.
            throw new IllegalArgumentException(complaint(exchange, e), e);
        }
    }

    /** The conversion does not say which argument it was. */
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
        return McpAsyncServerExchange.class.isAssignableFrom(type) ? exchange.exchange() : null;
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
        return isExchange(type) || type == OperationContext.class;
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
