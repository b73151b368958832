package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

        assertThat(RequestRules.isMisfit("tools/call", heavy)).isTrue();
        assertThat(RequestRules.isMisfit("tools/call", Map.of("name", "x", "unknown", many)))
                .isTrue();
        assertThat(RequestRules.isMisfit("tools/call", Map.of("name", "x", "arguments", Map.of("list", many))))
                .isFalse();
        assertThat(RequestRules.isMisfit(
                        "initialize",
                        Map.of("capabilities", Map.of("experimental", Map.of("x", Map.of("more", many))))))
                .isTrue();
        assertThat(RequestRules.isHeavy("subscriptions/listen", Map.of("arguments", many)))
                .isTrue();
        assertThat(RequestRules.isHeavy("tasks/get", Map.of("x".repeat(100_000), 1)))
                .isTrue();
    }

    @Test
    void answersAreKeptOnlyWhereTheyHaveAQuestion() {
        Map<String, Object> answers = Map.of("which", "x".repeat(100_000));

        assertThat(RequestRules.isHeavy("tools/call", Map.of("name", "x", "inputResponses", answers)))
                .isTrue();
        assertThat(RequestRules.isHeavy("tasks/update", Map.of("taskId", "x", "inputResponses", answers)))
                .isFalse();
        assertThat(RequestRules.isHeavy(
                        "tools/call", Map.of("name", "x", "requestState", "s", "inputResponses", answers)))
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
        assertThat(RequestRules.isMisfit(method, read(params))).isFalse();
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
        assertThat(RequestRules.isMisfit(method, read(params))).isTrue();
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
        assertThat(RequestRules.isMisfit(method, Map.of(param, "x".repeat(longest))))
                .isFalse();
        assertThat(RequestRules.isMisfit(method, Map.of(param, "x".repeat(longest + 1))))
                .isTrue();
    }

    @Test
    void whatIsKeptAndRepeatedHasALimit() {
        String longest = "x".repeat(1024);
        assertThat(RequestRules.isMisfit("tools/list", Map.of("_meta", Map.of("progressToken", longest))))
                .isFalse();
        assertThat(RequestRules.isMisfit("tools/list", Map.of("_meta", Map.of("progressToken", longest + "x"))))
                .isTrue();
        assertThat(RequestRules.isMisfit("tools/list", Map.of("_meta", Map.of("progressToken", List.of(1)))))
                .isTrue();
        assertThat(RequestRules.isMisfit(new JSONRPCRequest("tools/list", longest, Map.of())))
                .isFalse();
        assertThat(RequestRules.isMisfit(new JSONRPCRequest("tools/list", longest + "x", Map.of())))
                .isTrue();
        assertThat(RequestRules.isMisfit("initialize", Map.of("clientInfo", Map.of("name", longest, "version", "1"))))
                .isFalse();
        assertThat(RequestRules.isMisfit(
                        "initialize", Map.of("clientInfo", Map.of("name", longest + "x", "version", "1"))))
                .isTrue();
    }

    private static Object read(String json) throws IOException {
        return McpJsonDefaults.getMapper().readValue(json, Object.class);
    }
}
