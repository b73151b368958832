package io.asyncmcp.server.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationFailure.Reason;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.mcp.annotation.context.DefaultMcpAsyncRequestContext;
import org.springframework.ai.mcp.annotation.context.DefaultMcpSyncRequestContext;
import org.springframework.ai.mcp.annotation.context.McpAsyncRequestContext;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import reactor.core.publisher.Mono;

/** The texts are made by Spring AI, so that a version which says something else does not go unnoticed. */
class UndeclaredCapabilityTests {

    private static final ClientCapabilities NONE = ClientCapabilities.builder().build();

    private static final ClientCapabilities ALL =
            ClientCapabilities.builder().elicitation().sampling().roots(true).build();

    record Person(String name) {}

    private static McpAsyncServerExchange exchange() {
        McpLoggableSession nobody = (McpLoggableSession) Proxy.newProxyInstance(
                UndeclaredCapabilityTests.class.getClassLoader(),
                new Class<?>[] {McpLoggableSession.class},
                (proxy, method, arguments) -> {
                    throw new AssertionError("the client was asked");
                });
        return new McpAsyncServerExchange(
                "session", nobody, NONE, Implementation.builder("client", "1").build(), McpTransportContext.EMPTY);
    }

    private static Named<Throwable> sync(String name, Consumer<McpSyncRequestContext> question) {
        McpSyncRequestContext context = DefaultMcpSyncRequestContext.builder()
                .request(CallToolRequest.builder("report").build())
                .exchange(new McpSyncServerExchange(exchange()))
                .build();
        return Named.of(name, catchThrowable(() -> question.accept(context)));
    }

    private static Named<Throwable> async(String name, Function<McpAsyncRequestContext, Mono<?>> question) {
        McpAsyncRequestContext context = DefaultMcpAsyncRequestContext.builder()
                .request(CallToolRequest.builder("report").build())
                .exchange(exchange())
                .build();
        return Named.of(name, catchThrowable(() -> question.apply(context).block(Duration.ofSeconds(20))));
    }

    static Stream<Arguments> questions() {
        return Stream.of(
                Arguments.of(sync("elicit", context -> context.elicit(Person.class)), "elicitation"),
                Arguments.of(
                        sync("elicit", context -> context.elicit(spec -> spec.message("Who?"), Person.class)),
                        "elicitation"),
                Arguments.of(sync("sample", context -> context.sample("a poem")), "sampling"),
                Arguments.of(sync("roots", McpSyncRequestContext::roots), "roots"),
                Arguments.of(async("elicit, reactive", context -> context.elicit(Person.class)), "elicitation"),
                Arguments.of(async("sample, reactive", context -> context.sample("a poem")), "sampling"),
                Arguments.of(async("roots, reactive", McpAsyncRequestContext::roots), "roots"));
    }

    private static Operation ended(@Nullable Object result, @Nullable OperationFailure failure) {
        return new Operation(
                null,
                "report",
                OperationOwner.APPLICATION,
                failure == null ? OperationStatus.COMPLETED : OperationStatus.FAILED,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                List.of(),
                result,
                false,
                failure);
    }

    private static Operation threw(Throwable thrown) {
        return ended(null, new OperationFailure(Reason.EXCEPTION, String.valueOf(thrown.getMessage()), thrown));
    }

    private static CallToolResult result(String text, @Nullable Boolean error) {
        return new CallToolResult(List.of(TextContent.builder(text).build()), error, null, null);
    }

    private static void assertMissing(@Nullable McpError error, String capability) {
        assertThat(error).isNotNull();
        assertThat(error.getJsonRpcError().code()).isEqualTo(-32021);
        assertThat(error.getJsonRpcError().data())
                .isEqualTo(Map.of("requiredCapabilities", Map.of(capability, Map.of())));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void exceptionOfSpringAi(Throwable thrown, String capability) {
        assertThat(thrown).isNotNull().isNotInstanceOf(AssertionError.class);
        assertMissing(UndeclaredCapability.in(threw(thrown), NONE), capability);
    }

    /** As Spring AI's methods with annotations return it. */
    @ParameterizedTest
    @MethodSource("questions")
    void exceptionOfSpringAiAsAResult(Throwable thrown, String capability) {
        CallToolResult told = result("Error invoking method: report\n" + thrown.getMessage(), true);
        OperationFailure reported = new OperationFailure(Reason.ERROR_RESULT, "", null);
        assertMissing(UndeclaredCapability.in(ended(told, reported), NONE), capability);
        assertMissing(UndeclaredCapability.in(ended(told, null), NONE), capability);
    }

    /** A tool that has caught it and returned something else did not need the answer. */
    @ParameterizedTest
    @MethodSource("questions")
    void resultThatIsNoErrorCounts(Throwable thrown, String capability) {
        assertThat(UndeclaredCapability.in(ended(result(thrown.getMessage(), false), null), NONE))
                .isNull();
        assertThat(UndeclaredCapability.in(ended(result(thrown.getMessage(), null), null), NONE))
                .isNull();
        assertThat(UndeclaredCapability.in(ended("text: " + thrown.getMessage(), null), NONE))
                .isNull();
    }

    @ParameterizedTest
    @MethodSource("questions")
    void declaredCapabilityIsNotMissing(Throwable thrown, String capability) {
        assertThat(UndeclaredCapability.in(threw(thrown), ALL)).as(capability).isNull();
    }

    /** The one who asked first declared less than the one who came back. */
    @Test
    void whatWasMissingForAnEarlierRequestIsRecognized() {
        CallToolResult told = result("Error invoking method: report\nMissing required client capability: roots", true);

        assertMissing(UndeclaredCapability.in(ended(told, null), NONE), "roots");
    }

    @Test
    void otherFailuresStayWhatTheyAre() {
        for (String text : List.of("", "no such city", "Printing not supported by the client", "sampling failed")) {
            assertThat(UndeclaredCapability.in(threw(new IllegalStateException(text)), NONE))
                    .as(text)
                    .isNull();
            assertThat(UndeclaredCapability.in(ended(result(text, true), null), NONE))
                    .as(text)
                    .isNull();
        }
    }

    @Test
    void operationThatGoesOnHasNotFailed() {
        Operation working = new Operation(
                null,
                "report",
                OperationOwner.APPLICATION,
                OperationStatus.WORKING,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                null,
                List.of(),
                null,
                false,
                null);
        assertThat(UndeclaredCapability.in(working, NONE)).isNull();
    }
}
