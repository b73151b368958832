package io.asyncmcp.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationFailure.Reason;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.Progress;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskTextsTests {

    private static @Nullable String message(
            OperationStatus status,
            @Nullable Progress progress,
            @Nullable CallToolResult result,
            @Nullable OperationFailure failure) {
        return TaskTexts.message(
                new Operation(
                        "id",
                        "report",
                        OperationOwner.APPLICATION,
                        status,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        status.isTerminal() ? Instant.EPOCH : null,
                        null,
                        progress,
                        List.of(),
                        result,
                        false,
                        failure),
                "Answer it.");
    }

    @Test
    void failedTaskSaysWhatItsToolSays() {
        CallToolResult result =
                new CallToolResult(List.of(TextContent.builder("no such\ncity").build()), true, null, null);
        assertThat(message(
                        OperationStatus.FAILED,
                        null,
                        result,
                        new OperationFailure(Reason.ERROR_RESULT, "the result reports an error", null)))
                .isEqualTo("no such city");
        assertThat(message(OperationStatus.FAILED, null, null, thrown(new IllegalStateException("no paper"))))
                .isEqualTo("report failed: no paper");
        assertThat(message(OperationStatus.FAILED, null, null, thrown(new SQLException("secret"))))
                .isEqualTo("report failed: an internal error");
        assertThat(message(OperationStatus.FAILED, null, null, thrown(new IllegalStateException("x".repeat(5000)))))
                .hasSize(500);
    }

    private static OperationFailure thrown(Exception e) {
        return new OperationFailure(Reason.EXCEPTION, String.valueOf(e.getMessage()), e);
    }

    @Test
    void progressIsQuotedAndCut() {
        assertThat(message(OperationStatus.WORKING, new Progress(1, 2.0, "half\nof \"it\""), null, null))
                .isEqualTo("1 of 2, \"half of 'it'\"");
        assertThat(message(OperationStatus.WORKING, new Progress(1.5, null, null), null, null))
                .isEqualTo("1.5");
        assertThat(message(OperationStatus.WORKING, new Progress(1, null, "x".repeat(100_000)), null, null))
                .hasSizeLessThan(250);
    }
}
