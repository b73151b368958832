package io.asyncmcp.server.tool;

import io.asyncmcp.server.answer.OutputSchemas;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.tool.execution.ToolCallResultConverter;
import org.springframework.ai.util.JsonHelper;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Turns what a method returns into a result, the same under every annotation, with JSON as Spring AI writes it. Thread-safe. */
final class MethodResults {

    private static final JsonHelper JSON = new JsonHelper();

    private static final CallToolResult DONE = text(JSON.toJson("Done"));

    private final ReturnType type;

    private final Form form;

    /** Chosen by a {@code @Tool} method. */
    private final @Nullable ToolCallResultConverter converter;

    MethodResults(ReturnType type, Form form, @Nullable ToolCallResultConverter converter) {
        this.type = type;
        this.form = form;
        this.converter = converter;
    }

    enum Form {
        TEXT,
        STRUCTURED,
        /** As an object with the value in it: before 2026-07-28, structured content must be an object. */
        WRAPPED
    }

    /** Returns a {@code CallToolResult} or a {@code Mono} of one; {@code null} or nothing if a promised value is missing. */
    @Nullable
    Object of(@Nullable Object returned) throws Exception {
        Mono<?> later = later(returned);
        if (later != null) {
            return later.map(this::converted).switchIfEmpty(Mono.fromSupplier(this::missing));
        }
        return returned instanceof Future<?> future ? orMissing(ended(future)) : orMissing(returned);
    }

    private @Nullable CallToolResult orMissing(@Nullable Object value) {
        return value == null ? missing() : converted(value);
    }

    /** A method that promises a value and returns none has a defect, and its caller is told so. */
    private @Nullable CallToolResult missing() {
        return type.nothing() || type.optional() ? converted(null) : null;
    }

    private static @Nullable Mono<?> later(@Nullable Object returned) {
        if (returned instanceof CompletionStage<?> stage) {
            return Mono.fromCompletionStage(stage).flatMap(MethodResults::settled);
        }
        ReactiveAdapter adapter = returned == null
                ? null
                : ReactiveAdapterRegistry.getSharedInstance().getAdapter(null, returned);
        if (adapter == null) {
            return null;
        }
        return adapter.isMultiValue()
                ? Flux.from(adapter.toPublisher(returned)).collectList()
                : Mono.from(adapter.toPublisher(returned)).flatMap(MethodResults::settled);
    }

    /** A promise may be of another promise. */
    private static Mono<?> settled(Object value) {
        Mono<?> later = later(value);
        return later == null ? Mono.just(value) : later;
    }

    private static @Nullable Object ended(Future<?> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception exception ? exception : e;
        }
    }

    private CallToolResult converted(@Nullable Object returned) {
        if (type.nothing()) {
            return DONE;
        }
        Object value = returned instanceof Optional<?> optional ? optional.orElse(null) : returned;
        if (value instanceof CallToolResult result) {
            return result;
        }
        if (value instanceof List<?> list && !list.isEmpty()) {
            if (list.stream().allMatch(CallToolResult.class::isInstance)) {
                return joined(list.stream().map(CallToolResult.class::cast).toList());
            }
            if (list.stream().allMatch(Content.class::isInstance)) {
                return content(list.stream().map(Content.class::cast).toList());
            }
        }
        if (value instanceof Content block) {
            return content(List.of(block));
        }
        try {
            return form == Form.TEXT ? asText(value) : structured(value);
        } catch (RuntimeException e) {
            // What the conversion says names Java types, which mean nothing to a client.
            throw new IllegalStateException("the result cannot be written as JSON", e);
        }
    }

    private CallToolResult asText(@Nullable Object value) {
        if (converter != null) {
            return text(converter.convert(value, type.whole()));
        }
        if (value instanceof String string) {
            return text(string);
        }
        Content image = value == null ? null : Images.content(value);
        return image == null ? text(JSON.toJson(value)) : content(List.of(image));
    }

    private CallToolResult structured(@Nullable Object value) {
        Object json = value == null ? null : JSON.fromJson(JSON.toJson(value), Object.class);
        return new CallToolResult(List.of(), false, form == Form.WRAPPED ? OutputSchemas.wrapped(json) : json, null);
    }

    /** A call has one result: several are its parts. */
    private static CallToolResult joined(List<CallToolResult> results) {
        if (results.size() == 1) {
            return results.get(0);
        }
        List<Content> content = new ArrayList<>();
        List<Object> structured = new ArrayList<>();
        Map<String, Object> meta = new LinkedHashMap<>();
        boolean error = false;
        for (CallToolResult result : results) {
            content.addAll(result.content());
            error |= Boolean.TRUE.equals(result.isError());
            if (result.structuredContent() != null) {
                structured.add(result.structuredContent());
            }
            if (result.meta() != null) {
                meta.putAll(result.meta());
            }
        }
        Object together = structured.size() > 1
                ? OutputSchemas.wrapped(structured)
                : structured.stream().findFirst().orElse(null);
        return new CallToolResult(content, error, together, meta.isEmpty() ? null : meta);
    }

    private static CallToolResult text(String text) {
        return content(List.of(TextContent.builder(text).build()));
    }

    private static CallToolResult content(List<Content> content) {
        return new CallToolResult(content, false, null, null);
    }
}
