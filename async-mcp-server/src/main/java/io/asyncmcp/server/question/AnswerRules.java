package io.asyncmcp.server.question;

import io.asyncmcp.InputRequest;
import io.asyncmcp.server.answer.BoundedSchemaValidator;
import io.asyncmcp.server.json.JsonObjects;
import io.asyncmcp.server.json.JsonSize;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ListRootsResult;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks answers before the tool gets them: a client can answer again, but a tool cannot ask the same question again. */
final class AnswerRules {

    private static final Set<String> ACTIONS = Set.of("accept", "decline", "cancel");

    private AnswerRules() {}

    /** Returns what is wrong with an answer, or {@code null} if nothing is. */
    static @Nullable String misfit(@Nullable InputRequest question, @Nullable Object answer, long maxBytes) {
        if (question == null) {
            return null;
        }
        // Before anything else: what follows looks at all of it.
        if (JsonSize.of(answer, maxBytes).exceedsLimit()) {
            return "The answer must not exceed " + maxBytes + " bytes or " + JsonSize.MAX_DEPTH
                    + " levels, but it does.";
        }
        return switch (question.method()) {
            case McpSchema.METHOD_ELICITATION_CREATE -> misfitOfElicitation(question, answer);
            case McpSchema.METHOD_SAMPLING_CREATE_MESSAGE -> misfitOf(answer, CreateMessageResult.class, "a message");
            case McpSchema.METHOD_ROOTS_LIST -> misfitOfRoots(answer);
            default -> null;
        };
    }

    private static @Nullable String misfitOfElicitation(InputRequest question, @Nullable Object answer) {
        if (!(answer instanceof Map<?, ?> result)) {
            return "The result of an elicitation must be an object with an action.";
        }
        if (!(result.get("action") instanceof String action) || !ACTIONS.contains(action)) {
            return "action must be accept, decline or cancel.";
        }
        Object content = result.get("content");
        if (content != null && !(content instanceof Map<?, ?>)) {
            return "content must be an object.";
        }
        if (result.get("_meta") != null && !(result.get("_meta") instanceof Map<?, ?>)) {
            return "_meta must be an object.";
        }
        if (!action.equals("accept")) {
            return null;
        }
        Map<String, Object> params = question.params() == null ? Map.of() : JsonObjects.of(question.params());
        if (!(params.get("requestedSchema") instanceof Map<?, ?> schema) || schema.isEmpty()) {
            return null;
        }
        ValidationResponse check =
                BoundedSchemaValidator.get().validate(JsonObjects.of(schema), content == null ? Map.of() : content);
        return check.valid() ? null : "content does not conform to the requested schema: " + check.errorMessage();
    }

    /** Before the SDK reads them: it logs a line for each root without a URI. */
    private static @Nullable String misfitOfRoots(@Nullable Object answer) {
        if (!(answer instanceof Map<?, ?> result) || !(result.get("roots") instanceof List<?> roots)) {
            return "The result must be a list of roots, as the protocol defines it.";
        }
        boolean haveUris = roots.stream()
                .allMatch(root -> root instanceof Map<?, ?> members && members.get("uri") instanceof String);
        return haveUris
                ? misfitOf(answer, ListRootsResult.class, "a list of roots")
                : "Each of the roots must be an object with a uri.";
    }

    private static @Nullable String misfitOf(@Nullable Object answer, Class<?> type, String expected) {
        try {
            if (answer != null && McpJsonDefaults.getMapper().convertValue(answer, type) != null) {
                return null;
            }
        } catch (RuntimeException e) {
            // What the conversion says names Java types.
        }
        return "The result must be " + expected + ", as the protocol defines it.";
    }
}
