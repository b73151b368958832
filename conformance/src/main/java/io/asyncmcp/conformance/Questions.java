package io.asyncmcp.conformance;

import io.asyncmcp.OperationContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.ListRootsResult;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.SamplingMessage;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Questions that several tools ask, and what is read from the answers. */
final class Questions {

    /** The suite answers to this key, unseen, in requests that were never asked. */
    static final String USER_NAME = "user_name";

    private Questions() {}

    /** A form with one required field. */
    static ElicitFormRequest form(String message, String field, String type) {
        return ElicitFormRequest.builder(
                        message,
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of(field, Map.of("type", type)),
                                "required",
                                List.of(field)))
                .build();
    }

    static ElicitFormRequest name() {
        return form("What is your name?", "name", "string");
    }

    static CreateMessageRequest prompt(String text) {
        TextContent content = TextContent.builder(text).build();
        return CreateMessageRequest.builder(
                        List.of(SamplingMessage.builder(Role.USER, content).build()), 100)
                .build();
    }

    static CompletionStage<ElicitResult> elicit(OperationContext operation, String key, ElicitFormRequest form) {
        return operation
                .requestInput(key, McpSchema.METHOD_ELICITATION_CREATE, form)
                .thenApply(answer -> read(answer, ElicitResult.class));
    }

    static CompletionStage<CreateMessageResult> sample(
            OperationContext operation, String key, CreateMessageRequest prompt) {
        return operation
                .requestInput(key, McpSchema.METHOD_SAMPLING_CREATE_MESSAGE, prompt)
                .thenApply(answer -> read(answer, CreateMessageResult.class));
    }

    static CompletionStage<ListRootsResult> roots(OperationContext operation, String key) {
        return operation
                .requestInput(key, McpSchema.METHOD_ROOTS_LIST, Map.of())
                .thenApply(answer -> read(answer, ListRootsResult.class));
    }

    private static <T> T read(@Nullable Object answer, Class<T> type) {
        return McpJsonDefaults.getMapper().convertValue(Objects.requireNonNull(answer, "the answer is null"), type);
    }

    /** What was filled in, or what was done instead. */
    static String field(ElicitResult answer, String field) {
        return answer.content() == null
                ? answer.action().name()
                : String.valueOf(answer.content().get(field));
    }

    static String text(CreateMessageResult answer) {
        return answer.content() instanceof TextContent text ? text.text() : "no text";
    }
}
