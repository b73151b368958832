package io.asyncmcp.server.modern;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModernErrorsTests {

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(ModernErrors.parseError(), -32700, 400),
                Arguments.of(ModernErrors.invalidRequest("x"), -32600, 400),
                Arguments.of(ModernErrors.methodNotFound("x"), -32601, 404),
                Arguments.of(ModernErrors.invalidParams("x"), -32602, 200),
                Arguments.of(ModernErrors.internal("x"), -32603, 200),
                Arguments.of(ModernErrors.busy("x", 1), -32603, 503),
                Arguments.of(ModernErrors.taskNotFound(), -32602, 200),
                Arguments.of(ModernErrors.headerMismatch("x"), -32020, 400),
                Arguments.of(ModernErrors.missingCapability(Map.of("roots", Map.of())), -32021, 400),
                Arguments.of(ModernErrors.missingTasks(), -32021, 400),
                Arguments.of(ModernErrors.unsupportedVersion("x", List.of()), -32022, 400));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void codesAndHttpStatuses(McpError error, int code, int status) {
        assertThat(error.getJsonRpcError().code()).isEqualTo(code);
        assertThat(error.getJsonRpcError().message()).isNotBlank();
        assertThat(ModernErrors.httpStatus(error.getJsonRpcError())).isEqualTo(status);
    }

    @Test
    void errorsOfToolsAreNoErrorsOfHttp() {
        assertThat(ModernErrors.httpStatus(new JSONRPCError(-1, "own", null))).isEqualTo(200);
    }

    @Test
    void missingCapabilitiesAreListed() {
        McpError error = ModernErrors.missingCapability(Map.of("elicitation", Map.of("url", Map.of())));
        assertThat(error.getJsonRpcError().message()).isEqualTo("Missing required client capability: elicitation");
        assertThat(error.getJsonRpcError().data())
                .isEqualTo(Map.of("requiredCapabilities", Map.of("elicitation", Map.of("url", Map.of()))));
        assertThat(ModernErrors.missingTasks().getJsonRpcError().data())
                .isEqualTo(Map.of(
                        "requiredCapabilities",
                        Map.of("extensions", Map.of("io.modelcontextprotocol/tasks", Map.of()))));
    }

    @Test
    void supportedVersionsAreListed() {
        assertThat(ModernErrors.unsupportedVersion("2030-01-01", List.of("2026-07-28", "2025-11-25"))
                        .getJsonRpcError()
                        .data())
                .isEqualTo(Map.of("supported", List.of("2026-07-28", "2025-11-25"), "requested", "2030-01-01"));
    }

    @Test
    void busySaysWhenToComeAgain() {
        assertThat(ModernErrors.busy("too much", 30).getJsonRpcError().data())
                .isEqualTo(Map.of("retryAfterSeconds", 30L));
    }

    @Test
    void resourceThatIsNotThereHasAnotherCode() {
        JSONRPCError translated =
                ModernErrors.translated(new JSONRPCError(-32002, "Resource not found", Map.of("uri", "a:b")));
        assertThat(translated)
                .isEqualTo(new JSONRPCError(ErrorCodes.INVALID_PARAMS, "Resource not found", Map.of("uri", "a:b")));
    }

    /** It tells clients to open a link and call again, in a way that this protocol version does not have. */
    @Test
    void urlElicitationOfTheVersionBeforeIsNotSent() {
        JSONRPCError translated = ModernErrors.translated(new JSONRPCError(-32042, "Open the link", null));
        assertThat(translated).isEqualTo(new JSONRPCError(ErrorCodes.INTERNAL_ERROR, "Open the link", null));
    }

    @ParameterizedTest
    @ValueSource(ints = {-32700, -32600, -32601, -32602, -32603, -32021, -32000, -1, 7})
    void otherErrorsStayAsTheyAre(int code) {
        JSONRPCError error = new JSONRPCError(code, "own", Map.of("a", 1));
        assertThat(ModernErrors.translated(error)).isSameAs(error);
    }
}
