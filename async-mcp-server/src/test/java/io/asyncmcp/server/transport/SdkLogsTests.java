package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class SdkLogsTests {

    private static final String FORGED = "x\nERROR forged";

    private static InitializeRequest initialize(String name, Map<String, Object> experimental) {
        return InitializeRequest.builder(
                        "2025-11-25",
                        ClientCapabilities.builder().experimental(experimental).build(),
                        Implementation.builder(name, "1").build())
                .build();
    }

    @Test
    void whatAClientSaysOfItselfIsOnOneLine() {
        InitializeRequest printable = SdkLogs.printable(initialize(FORGED, Map.of(FORGED, Map.of("a", FORGED))));
        assertThat(printable.toString()).doesNotContain("\n");
        assertThat(printable.clientInfo().name()).isEqualTo("x ERROR forged");
        assertThat(printable.protocolVersion()).isEqualTo("2025-11-25");
        assertThat(SdkLogs.printable(initialize("x".repeat(100_000), Map.of()))
                        .clientInfo()
                        .name())
                .hasSize(500);
    }

    @Test
    void whatAClientSaysOfItselfIsNoLongerThanItTakes() {
        Map<String, Object> many =
                IntStream.range(0, 100).boxed().collect(Collectors.toMap(i -> "e" + i, i -> "x".repeat(400)));

        InitializeRequest cut = SdkLogs.printable(initialize("a-client", many));

        assertThat(cut.toString()).hasSizeLessThan(5_000).contains("a-client");
        JSONRPCRequest unread = new JSONRPCRequest(
                McpSchema.METHOD_INITIALIZE,
                1,
                Map.of("capabilities", Map.of("experimental", many, "roots", Map.of())));
        assertThat(SdkLogs.printable(unread).params()).isEqualTo(Map.of("capabilities", Map.of("roots", Map.of())));
    }

    @Test
    void whatIsPrintableStaysAsItIs() {
        InitializeRequest request = initialize("a-client", Map.of());
        assertThat(SdkLogs.printable(request)).isSameAs(request);
        JSONRPCRequest call =
                new JSONRPCRequest(McpSchema.METHOD_TOOLS_CALL, 1, Map.of("arguments", Map.of("a", FORGED)));
        assertThat(SdkLogs.printable(call)).isSameAs(call);
    }

    @Test
    void rootsArePrintableAndHaveNoMorePages() {
        List<Object> roots = new ArrayList<>(List.of(
                Map.of("uri", "file:///a", "name", FORGED, "_meta", Map.of("a", FORGED)),
                Map.of("uri", FORGED),
                Map.of("name", "no URI"),
                "no root"));
        roots.addAll(Collections.nCopies(5_000, Map.of("uri", "file:///b")));

        Object result = SdkLogs.printable(JSONRPCResponse.result(1, Map.of("roots", roots, "nextCursor", "more")))
                .result();

        assertThat(result).asInstanceOf(InstanceOfAssertFactories.MAP).containsOnlyKeys("roots");
        assertThat(((Map<?, ?>) result).get("roots"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(997)
                .startsWith(Map.of("uri", "file:///a", "name", "x ERROR forged"), Map.of("uri", "file:///b"));
    }

    @Test
    void otherAnswersStayAsTheyAre() {
        JSONRPCResponse answer = JSONRPCResponse.result("a", Map.of("content", Map.of("text", FORGED)));
        assertThat(SdkLogs.printable(answer)).isSameAs(answer);
    }

    @Test
    void answersThatTheSdkFailsOverSayNothingOfTheClients() {
        JSONRPCResponse error = SdkLogs.printable(
                JSONRPCResponse.error("a", new JSONRPCResponse.JSONRPCError(1, FORGED + "x".repeat(900_000), null)));
        assertThat(error.error().message()).startsWith("x ERROR forged").hasSizeLessThanOrEqualTo(500);
        for (Object misfit : List.of(FORGED, List.of(FORGED), 1)) {
            assertThat(SdkLogs.printable(JSONRPCResponse.result("a", misfit))
                            .error()
                            .message())
                    .isEqualTo("The result is not an object.");
        }
        assertThat(SdkLogs.printable(JSONRPCResponse.result("a", Map.of("roots", FORGED)))
                        .result())
                .isEqualTo(Map.of("roots", List.of()));
        assertThat(SdkLogs.printable(
                                JSONRPCResponse.result("a", Map.of("_meta", FORGED, "nextCursor", FORGED, "x", "y")))
                        .result())
                .isEqualTo(Map.of("x", "y"));
    }

    @Test
    void initializeThatIsNotReadYetIsTreatedAlike() {
        JSONRPCRequest request = new JSONRPCRequest(
                McpSchema.METHOD_INITIALIZE,
                1,
                Map.of("clientInfo", Map.of("name", FORGED), "capabilities", Map.of("l", List.of(FORGED, 1))));
        assertThat(SdkLogs.printable(request).params())
                .isEqualTo(Map.of(
                        "clientInfo",
                        Map.of("name", "x ERROR forged"),
                        "capabilities",
                        Map.of("l", List.of("x ERROR forged", 1))));
    }

    @Test
    void notificationsThatTheSdkWouldOnlyLogAreLeftOut() {
        assertThat(SdkLogs.printable(new JSONRPCNotification("notifications/" + FORGED, null)))
                .isNull();
        assertThat(SdkLogs.printable(new JSONRPCNotification("notifications/own", Map.of())))
                .isNull();
        JSONRPCNotification known = SdkLogs.printable(new JSONRPCNotification(
                McpSchema.METHOD_NOTIFICATION_INITIALIZED, Map.of("_meta", Map.of("a", FORGED))));
        assertThat(known).isNotNull();
        assertThat(known.toString()).doesNotContain("\n");
    }

    @Test
    void namesOfArgumentsAreOnOneLine() {
        assertThat(RequestRules.isMisfit(new JSONRPCRequest(
                        McpSchema.METHOD_TOOLS_CALL, 1, Map.of("name", "t", "arguments", Map.of(FORGED, 1)))))
                .isTrue();
        assertThat(RequestRules.isMisfit(new JSONRPCRequest(
                        McpSchema.METHOD_TOOLS_CALL, 1, Map.of("name", "t", "arguments", Map.of("text", FORGED)))))
                .isFalse();
    }
}
