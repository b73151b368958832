package io.asyncmcp.server.tool;

import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.exchange.ToolCall;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tools by which any client comes back for operations: one to continue, and optionally to cancel and to list. Thread-safe.
 *
 * @since 0.1.0
 */
public final class GeneratedTools {

    private static final String OPERATION_ID = "operation_id";

    /** Models put quotes and white space around an id of 26 characters; a longer text is not looked at. */
    private static final int MAX_ID_TEXT = 256;

    private static final String WAIT_TIME = "wait_time";

    private static final int LIST_LIMIT = 100;

    /** Longer than any client waits. */
    private static final Duration AS_LONG_AS_THE_CLIENT_WAITS = Duration.ofDays(1);

    private final OperationCalls calls;

    private final Answers answers;

    private final Naming continueTool;

    private final @Nullable Naming cancelTool;

    private final @Nullable Naming listTool;

    /** Creates the tools; {@code null} for {@code cancelTool} or {@code listTool} leaves that tool out. */
    public GeneratedTools(
            OperationCalls calls,
            Answers answers,
            Naming continueTool,
            @Nullable Naming cancelTool,
            @Nullable Naming listTool) {
        this.calls = calls;
        this.answers = answers;
        this.continueTool = continueTool;
        this.cancelTool = cancelTool;
        this.listTool = listTool;
    }

    /** How a generated tool presents itself to the model that chooses it. */
    public record Naming(String name, String description) {}

    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        names.add(continueTool.name());
        if (cancelTool != null) {
            names.add(cancelTool.name());
        }
        if (listTool != null) {
            names.add(listTool.name());
        }
        return names;
    }

    List<ToolFace.OwnTool> tools() {
        List<ToolFace.OwnTool> tools = new ArrayList<>();
        Map<String, Object> id = property("string", "The operation_id exactly as it was given in an earlier answer");
        Map<String, Object> wait = property(
                "number",
                "Seconds to wait for the result at most; leave it out to wait as long as possible. The answer comes as"
                        + " soon as the result is there.");
        Map<String, Object> idAlone = new LinkedHashMap<>();
        idAlone.put(OPERATION_ID, id);
        Map<String, Object> idAndWait = new LinkedHashMap<>(idAlone);
        idAndWait.put(WAIT_TIME, wait);
        tools.add(new ToolFace.OwnTool(
                tool(continueTool, idAndWait, List.of(OPERATION_ID), false), limited(continueTool, this::comeBack)));
        if (cancelTool != null) {
            tools.add(new ToolFace.OwnTool(
                    tool(cancelTool, idAlone, List.of(OPERATION_ID), true),
                    limited(cancelTool, call -> withId(call, operationId -> calls.cancel(operationId, call)))));
        }
        if (listTool != null) {
            tools.add(new ToolFace.OwnTool(
                    tool(listTool, Map.of(), List.of(), false),
                    limited(listTool, call -> calls.list(OperationQuery.ALL.withLimit(LIST_LIMIT), call))));
        }
        return tools;
    }

    /** In a fixed order: hosts cache prompts by the bytes of the list of tools. */
    private static Map<String, Object> property(String type, String description) {
        Map<String, Object> property = new LinkedHashMap<>();
        property.put("type", type);
        property.put("description", description);
        return property;
    }

    /** The limit on arguments holds for these tools too. */
    private ToolCallHandler limited(Naming naming, ToolCallHandler handler) {
        return call -> {
            String tooLarge = calls.refuseArguments(naming.name(), call);
            return tooLarge == null ? handler.handle(known(call)) : refused(tooLarge);
        };
    }

    /** Drops what else came with a call: it is not kept while the call waits. */
    private static ToolCall known(ToolCall call) {
        CallToolRequest request = call.request();
        Map<String, Object> arguments = new LinkedHashMap<>(request.arguments());
        arguments.keySet().retainAll(Set.of(OPERATION_ID, WAIT_TIME));
        Object token = request.progressToken();
        Map<String, Object> meta = token == null ? null : Map.of("progressToken", token);
        return call.with(new CallToolRequest(request.name(), arguments, meta));
    }

    private static Tool tool(
            Naming naming, Map<String, Object> properties, List<String> required, boolean destructive) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", required);
        ToolAnnotations hints = new ToolAnnotations(naming.name(), !destructive, destructive, true, false, null);
        return new Tool(naming.name(), naming.name(), naming.description(), schema, null, hints, null, null);
    }

    private CompletionStage<CallToolResult> comeBack(ToolCall call) {
        Map<String, Object> arguments = call.request().arguments();
        Object wait = arguments == null ? null : arguments.get(WAIT_TIME);
        if (wait != null && !(wait instanceof Number)) {
            return refused(
                    WAIT_TIME + " must be a number of seconds, such as 30. Leave it out to wait as long as possible.");
        }
        Duration duration = wait == null ? AS_LONG_AS_THE_CLIENT_WAITS : seconds((Number) wait);
        return withId(call, operationId -> calls.comeBack(operationId, duration, call));
    }

    /** Negative is no wait, and more than a day is a day: the client's budget cuts the wait anyway. */
    private static Duration seconds(Number value) {
        double number = value.doubleValue();
        if (Double.isNaN(number) || number <= 0) {
            return Duration.ZERO;
        }
        return Duration.ofMillis((long) (Math.min(number, AS_LONG_AS_THE_CLIENT_WAITS.toSeconds()) * 1000));
    }

    private CompletionStage<CallToolResult> withId(
            ToolCall call, Function<String, CompletionStage<CallToolResult>> action) {
        Map<String, Object> arguments = call.request().arguments();
        Object id = arguments == null ? null : arguments.get(OPERATION_ID);
        if (!(id instanceof String text) || text.length() <= MAX_ID_TEXT && text.isBlank()) {
            return refused(
                    OPERATION_ID + " must be a text. Pass the operation_id of an earlier \"processing\" answer.");
        }
        String operationId = idIn(text);
        return operationId == null ? CompletableFuture.completedFuture(answers.notFound()) : action.apply(operationId);
    }

    /** Returns the id in what a model wrote, perhaps quoted and in capitals, or {@code null} if there is none. */
    static @Nullable String idIn(String text) {
        if (text.length() > MAX_ID_TEXT) {
            return null;
        }
        int start = 0;
        int end = text.length();
        while (start < end && isAroundIds(text.charAt(start))) {
            start++;
        }
        while (end > start && isAroundIds(text.charAt(end - 1))) {
            end--;
        }
        String id = text.substring(start, end).toLowerCase(Locale.ROOT);
        return OperationIds.isWellFormed(id) ? id : null;
    }

    private static boolean isAroundIds(char c) {
        return c == '"' || c == '\'' || c == '`' || Character.isWhitespace(c);
    }

    private CompletionStage<CallToolResult> refused(String reason) {
        return CompletableFuture.completedFuture(answers.error(reason));
    }
}
