package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RequestRulesTests {

    @Test
    void whatStandsBesideTheArgumentsIsBounded() {
        List<Map<String, Object>> many = Collections.nCopies(1_000, Map.of("a", 1));
        Map<String, Object> heavy = Map.of("name", "x", "_meta", Map.of("more", many));

        assertThat(isMisfit("tools/call", heavy)).isTrue();
        assertThat(isMisfit("tools/call", Map.of("name", "x", "unknown", many))).isTrue();
        assertThat(isMisfit("tools/call", Map.of("name", "x", "arguments", Map.of("list", many))))
                .isFalse();
        assertThat(isMisfit(
                        "initialize",
                        Map.of("capabilities", Map.of("experimental", Map.of("x", Map.of("more", many))))))
                .isTrue();
        assertThat(isHeavy("subscriptions/listen", Map.of("arguments", many))).isTrue();
        assertThat(isHeavy("tasks/get", Map.of("x".repeat(100_000), 1))).isTrue();
    }

    @Test
    void answersAreKeptOnlyWhereTheyHaveAQuestion() {
        Map<String, Object> answers = Map.of("which", "x".repeat(100_000));

        assertThat(isHeavy("tools/call", Map.of("name", "x", "inputResponses", answers)))
                .isTrue();
        assertThat(isHeavy("tasks/update", Map.of("taskId", "x", "inputResponses", answers)))
                .isFalse();
        assertThat(isHeavy("tools/call", Map.of("name", "x", "requestState", "s", "inputResponses", answers)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            tools/call               | {"name": "echo"}
            tools/call               | {"name": "echo", "arguments": {"text": 1}, "_meta": {}}
            prompts/get              | {"name": "greet", "arguments": null}
            resources/read           | {"uri": "a:b"}
            tools/list               | {}
            tools/list               | null
            prompts/list             | {"cursor": "a"}
            completion/complete      | {"ref": {"type": "ref/prompt", "name": "p"}, "argument": {"name": "a", "value": ""}}
            completion/complete      | {"ref": {"type": "t"}, "argument": {"name": "a", "value": "b"}, "context": {}}
            of/somebody-else         | {"name": 7, "cursor": {}}
            """)
    void fits(String method, String params) throws IOException {
        assertThat(isMisfit(method, read(params))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            tools/call               | {}
            tools/call               | []
            tools/call               | {"name": ["echo"]}
            tools/call               | {"name": "echo", "arguments": ""}
            prompts/get              | {"name": "greet", "arguments": []}
            resources/read           | {"uri": {}}
            tools/list               | {"cursor": {}}
            prompts/list             | {"cursor": []}
            resources/list           | {"_meta": 7}
            resources/templates/list | {"cursor": {}}
            completion/complete      | {"argument": {"name": "a", "value": "b"}}
            completion/complete      | {"ref": "ref/prompt", "argument": {"name": "a", "value": "b"}}
            completion/complete      | {"ref": {"name": "p"}, "argument": {"name": "a", "value": "b"}}
            completion/complete      | {"ref": {"type": "ref/prompt", "name": ["p"]}, "argument": {"name": "a", "value": "b"}}
            completion/complete      | {"ref": {"type": "ref/resource"}, "argument": {"name": "a", "value": "b"}}
            completion/complete      | {"ref": {"type": "ref/prompt", "name": "p"}}
            completion/complete      | {"ref": {"type": "ref/prompt", "name": "p"}, "argument": {"name": "a", "value": 7}}
            completion/complete      | {"ref": {"type": "t"}, "argument": {"name": "a", "value": "b"}, "context": 7}
            completion/complete      | {"ref": {"type": "t"}, "argument": {"name": "a", "value": "b"}, "context": {"arguments": 7}}
            of/somebody-else         | 7
            """)
    void doesNotFit(String method, String params) throws IOException {
        assertThat(isMisfit(method, read(params))).isTrue();
    }

    static Stream<Arguments> lengths() {
        return Stream.of(
                Arguments.of("tools/call", "name", 1024),
                Arguments.of("prompts/get", "name", 1024),
                Arguments.of("resources/read", "uri", 2048),
                Arguments.of("resources/subscribe", "uri", 2048),
                Arguments.of("resources/unsubscribe", "uri", 2048),
                Arguments.of("tools/list", "cursor", 2048),
                Arguments.of("resources/templates/list", "cursor", 2048));
    }

    /** A URI is matched against patterns whose time is the square of its length, or worse. */
    @ParameterizedTest
    @MethodSource("lengths")
    void textsThatNameSomethingHaveALimit(String method, String param, int longest) {
        assertThat(isMisfit(method, Map.of(param, "x".repeat(longest)))).isFalse();
        assertThat(isMisfit(method, Map.of(param, "x".repeat(longest + 1)))).isTrue();
    }

    @Test
    void whatIsKeptAndRepeatedHasALimit() {
        String longest = "x".repeat(1024);
        assertThat(isMisfit("tools/list", Map.of("_meta", Map.of("progressToken", longest))))
                .isFalse();
        assertThat(isMisfit("tools/list", Map.of("_meta", Map.of("progressToken", longest + "x"))))
                .isTrue();
        assertThat(isMisfit("tools/list", Map.of("_meta", Map.of("progressToken", List.of(1)))))
                .isTrue();
        assertThat(RequestRules.isMisfit(new JSONRPCRequest("tools/list", longest, Map.of())))
                .isFalse();
        assertThat(RequestRules.isMisfit(new JSONRPCRequest("tools/list", longest + "x", Map.of())))
                .isTrue();
        assertThat(isMisfit("initialize", Map.of("clientInfo", Map.of("name", longest, "version", "1"))))
                .isFalse();
        assertThat(isMisfit("initialize", Map.of("clientInfo", Map.of("name", longest + "x", "version", "1"))))
                .isTrue();
    }

    private static Object read(String json) throws IOException {
        return McpJsonDefaults.getMapper().readValue(json, Object.class);
    }

    private static boolean isMisfit(String method, @Nullable Object params) {
        return RequestRules.isMisfit(method, params, RequestRules.answers(method, params));
    }

    private static boolean isHeavy(String method, Map<?, ?> params) {
        return RequestRules.isHeavy(method, params, RequestRules.answers(method, params));
    }

    @Test
    void answersAreApartForACallThatIsContinuedAndNoOther() {
        List<Object> many = Collections.nCopies(10_000, Map.of());
        Map<String, Object> call = new HashMap<>(Map.of("name", "x", "inputResponses", Map.of("a", many)));
        call.put("requestState", null);
        assertThat(isMisfit("tools/call", call)).isTrue();
        call.put("requestState", Map.of());
        assertThat(isMisfit("tools/call", call)).isTrue();
        call.put("requestState", "sealed");
        assertThat(isMisfit("tools/call", call)).isFalse();
        assertThat(isHeavy("completion/complete", call)).isTrue();
        assertThat(RequestRules.comesBack("tools/call", call)).isTrue();
        assertThat(RequestRules.comesBack("completion/complete", call)).isFalse();
        assertThat(RequestRules.isMisfit(new JSONRPCRequest("tools/call", 1, call)))
                .as("before 2026-07-28")
                .isTrue();
    }

    @Test
    void ofACallIsKeptWhatIsKnownOfCalls() {
        Map<String, Object> params =
                Map.of("name", "x", "arguments", Map.of("a", 1), "more", "y", "task", Map.of("ttl", 5, "other", "z"));

        assertThat(RequestRules.known(new JSONRPCRequest("tools/call", 1, params))
                        .params())
                .isEqualTo(Map.of("name", "x", "arguments", Map.of("a", 1), "task", Map.of("ttl", 5)));
        assertThat(RequestRules.known(new JSONRPCRequest("tasks/get", 1, params))
                        .params())
                .isSameAs(params);
        Map<String, Object> odd = Map.of("name", "x", "task", "soon");
        assertThat(RequestRules.known(new JSONRPCRequest("tools/call", 1, odd)).params())
                .isEqualTo(odd);
    }

    @Test
    void initializeHasParams() {
        assertThat(RequestRules.isMisfit("initialize", null, Set.of())).isTrue();
        assertThat(RequestRules.isMisfit("ping", null, Set.of())).isFalse();
    }

    @Test
    void whatAClientSaysOfItselfIsLittle() {
        Map<String, Object> info = Map.of(
                "name",
                "a",
                "version",
                "1",
                "icons",
                List.of(Map.of("src", "data:image/png;base64," + "A".repeat(500_000))));
        Map<String, Object> usual = Map.of("experimental", Map.of("a", "x".repeat(10_000)));
        Map<String, Object> large = Map.of("experimental", Map.of("a", "x".repeat(17_000)));
        assertThat(isMisfit("initialize", Map.of("clientInfo", info, "capabilities", usual)))
                .isFalse();
        assertThat(isMisfit("initialize", Map.of("clientInfo", info, "capabilities", large)))
                .isTrue();
        assertThat(isMisfit("ping", Map.of("capabilities", large)))
                .as("not kept")
                .isFalse();
        assertThat(RequestRules.known(
                                new JSONRPCRequest("initialize", 1, Map.of("clientInfo", info, "capabilities", usual)))
                        .params())
                .isEqualTo(Map.of("clientInfo", Map.of("name", "a", "version", "1"), "capabilities", usual));
    }

    @Test
    void iconsHaveSources() {
        Map<String, Object> good = Map.of("src", "https://example.com/icon.png");
        assertThat(isMisfitOfInitialize(List.of(good, good))).isFalse();
        assertThat(isMisfitOfInitialize(List.of(good, Map.of()))).isTrue();
        assertThat(isMisfitOfInitialize(List.of(Map.of("src", 1)))).isTrue();
        assertThat(isMisfitOfInitialize(Map.of())).isTrue();
    }

    private static boolean isMisfitOfInitialize(Object icons) {
        return RequestRules.isMisfit(
                "initialize", Map.of("clientInfo", Map.of("name", "a", "version", "1", "icons", icons)), Set.of());
    }

    @Test
    void urisAreNotBlank() {
        assertThat(RequestRules.isMisfit("resources/read", Map.of("uri", " "), Set.of()))
                .isTrue();
        Map<String, Object> argument = Map.of("name", "a", "value", "b");
        assertThat(RequestRules.isMisfit(
                        "completion/complete",
                        Map.of("ref", Map.of("type", "ref/resource", "uri", ""), "argument", argument),
                        Set.of()))
                .isTrue();
        assertThat(RequestRules.isMisfit(
                        "completion/complete",
                        Map.of("ref", Map.of("type", "ref/resource", "uri", "a:{b}"), "argument", argument),
                        Set.of()))
                .isFalse();
    }

    @Test
    void idsThatAreLoggedAreShort() {
        assertThat(RequestRules.isAnswered("a-1")).isTrue();
        assertThat(RequestRules.isAnswered(7)).isTrue();
        assertThat(RequestRules.isAnswered("a".repeat(1_025))).isFalse();
        assertThat(RequestRules.isAnswered("a\nERROR forged")).isFalse();
    }
}
