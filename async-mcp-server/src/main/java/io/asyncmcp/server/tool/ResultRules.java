package io.asyncmcp.server.tool;

import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.answer.BoundedSchemaValidator;
import io.asyncmcp.server.answer.DefectLog;
import io.asyncmcp.server.answer.OneLine;
import io.asyncmcp.server.json.JsonFailures;
import io.asyncmcp.server.json.JsonSize;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what arguments and results may be. Results are checked against the tool's output schema when the tool returns: the SDK sees
 * only the answer to the first call, and another call may fetch the result. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ResultRules {

    private static final Logger logger = LoggerFactory.getLogger(ResultRules.class);

    private static final DefectLog defects = new DefectLog(logger);

    private final long maxArgumentBytes;

    private final long maxResultBytes;

    /** Creates the rules; {@code maxArgumentBytes} also limits the answer to a question. */
    public ResultRules(long maxArgumentBytes, long maxResultBytes) {
        this.maxArgumentBytes = maxArgumentBytes;
        this.maxResultBytes = maxResultBytes;
    }

    long maxAnswerBytes() {
        return maxArgumentBytes;
    }

    /** Returns why arguments are refused, or {@code null} if they are not. */
    @Nullable
    String refuseArguments(String toolName, @Nullable Map<String, Object> arguments) {
        if (JsonSize.of(arguments, maxArgumentBytes).exceedsLimit()) {
            return "The arguments of " + toolName + " must not exceed " + maxArgumentBytes
                    + " bytes or " + JsonSize.MAX_DEPTH
                    + " levels, but they do. Pass less, or a reference to the data.";
        }
        return null;
    }

    /** Turns what a tool returned into what is kept. */
    CallToolResult check(Tool tool, @Nullable Object returned) {
        if (!(returned instanceof CallToolResult untouched)) {
            return failure("Tool " + tool.name() + " returned no result. This is a defect of the tool.");
        }
        CallToolResult result;
        try {
            JsonSize size = JsonSize.of(untouched, maxResultBytes);
            if (!size.exceedsLimit() && size.isOpaque()) {
                result = PlainResults.of(untouched);
                size = JsonSize.of(result, maxResultBytes);
            } else {
                result = untouched;
            }
            if (size.exceedsLimit()) {
                return failure("The result of " + tool.name() + " must not exceed " + maxResultBytes
                        + " bytes or " + JsonSize.MAX_DEPTH
                        + " levels, but it does. Ask for less, or have the tool return a link.");
            }
        } catch (Throwable e) {
            logger.error("The result of tool {} cannot be written as JSON", tool.name(), JsonFailures.loggable(e));
            return failure(
                    "The result of " + tool.name() + " cannot be written as JSON. This is a defect of the tool.");
        }
        if (tool.outputSchema() == null || Boolean.TRUE.equals(result.isError())) {
            return result;
        }
        return conforming(tool, result);
    }

    /** A result of the wrong form is kept: the work is done. */
    private CallToolResult conforming(Tool tool, CallToolResult result) {
        if (result.structuredContent() == null) {
            return unfit(tool, result, "it has no structured content");
        }
        ValidationResponse check =
                BoundedSchemaValidator.get().validate(tool.outputSchema(), result.structuredContent());
        if (!check.valid()) {
            return unfit(tool, result, check.errorMessage());
        }
        if (!result.content().isEmpty()) {
            return result;
        }
        // Clients that do not know structured content read it as text.
        return new CallToolResult(
                List.of(TextContent.builder(check.jsonStructuredOutput()).build()),
                result.isError(),
                result.structuredContent(),
                result.meta());
    }

    /** The answer has a form that the published schema allows too. */
    private static CallToolResult unfit(Tool tool, CallToolResult result, String why) {
        logger.warn("The result of tool {} does not conform to its output schema", tool.name());
        String message = tool.name() + " is done, but its result does not conform to its output schema: " + why
                + ". This is a defect of the tool, and calling it again will not help. Use the result as it is.";
        Map<String, Object> structured = new LinkedHashMap<>();
        structured.put("status", "completed");
        structured.put("operation_type", tool.name());
        structured.put("message", message);
        List<Content> content = new ArrayList<>();
        content.add(TextContent.builder(message).build());
        content.addAll(result.content());
        Object own = result.structuredContent() == null ? result.content() : result.structuredContent();
        structured.put("result", own);
        if (result.content().isEmpty()) {
            content.add(TextContent.builder(json(own)).build());
        }
        return new CallToolResult(content, result.isError(), structured, result.meta());
    }

    private static String json(Object value) {
        try {
            return McpJsonDefaults.getMapper().writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers a call that failed outside of its tool. */
    CallToolResult refusal(Throwable error, Answers answers) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof OperationNotFoundException) {
            return answers.notFound();
        }
        if (cause instanceof SecurityException) {
            logger.warn("A call was refused: {}", OneLine.of(String.valueOf(cause.getMessage()), 500));
            return answers.error("This call needs an authenticated caller.");
        }
        defects.log("A call failed for a reason of ours", cause);
        return answers.error("The call failed for an internal reason. Try again, or tell the operator of this server.");
    }

    private static CallToolResult failure(String text) {
        return new CallToolResult(List.of(TextContent.builder(text).build()), true, null, null);
    }
}
