package io.asyncmcp.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationFailure.Reason;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A client that comes back for a failure is told what those who waited were told. */
class KeptFailureTests {

    private static OperationFailure failure(Throwable cause) {
        return new OperationFailure(Reason.EXCEPTION, String.valueOf(cause.getMessage()), cause);
    }

    @Test
    void keptFailureIsAnsweredAlikeWithoutItsException() {
        for (Throwable thrown : List.of(
                new IllegalStateException("for people"),
                new NullPointerException("field of a class"),
                new IllegalStateException("long".repeat(5_000)))) {
            OperationFailure failure = failure(thrown);

            OperationFailure kept = FailureTexts.kept(failure);

            assertThat(kept.cause()).isNull();
            assertThat(kept.reason()).isEqualTo(failure.reason());
            assertThat(kept.message()).hasSizeLessThan(2_100);
            assertThat(FailureTexts.of(kept)).isEqualTo(FailureTexts.of(failure));
        }
    }

    @Test
    void errorThatAToolChoseIsKeptWithoutItsTrace() {
        McpError thrown = new McpError(new JSONRPCError(-32001, "mine", Map.of("why", "because")));
        thrown.initCause(new IllegalStateException("with all it has seen"));

        OperationFailure kept = FailureTexts.kept(failure(thrown));

        assertThat(kept.cause()).isNotSameAs(thrown).isInstanceOfSatisfying(McpError.class, error -> {
            assertThat(error.getJsonRpcError()).isEqualTo(thrown.getJsonRpcError());
            assertThat(error.getStackTrace()).isEmpty();
            assertThat(error.getCause()).isNull();
        });
        OperationFailure huge =
                FailureTexts.kept(failure(new McpError(new JSONRPCError(-32001, "mine", "x".repeat(100_000)))));
        assertThat(((McpError) huge.cause()).getJsonRpcError()).isEqualTo(new JSONRPCError(-32001, "mine", null));
    }
}
