package io.asyncmcp.server.modern;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDigestsTests {

    private static final String CALL = """
            {"name": "report", "arguments": {"a": 1, "b": [{"c": "x", "d": true}, null, 2.5]}}""";

    private static String digest(String method, String params) {
        try {
            return HexFormat.of()
                    .formatHex(RequestDigests.of(
                            method,
                            McpJsonDefaults.getMapper().readValue(params, new TypeRef<Map<String, Object>>() {})));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String digest(String params) {
        return digest("tools/call", params);
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                {"arguments": {"b": [{"d": true, "c": "x"}, null, 2.5], "a": 1}, "name": "report"}""", """
                {"name": "report", "arguments": {"a": 1, "b": [{"c": "x", "d": true}, null, 2.5]},
                 "_meta": {"progressToken": 7}}""", """
                {"name": "report", "arguments": {"a": 1, "b": [{"c": "x", "d": true}, null, 2.5]},
                 "inputResponses": {"name": {"action": "accept"}}, "requestState": "abc"}"""})
    void orderAndWhatTheClientAddsDoNotMatter(String same) {
        assertThat(digest(same)).isEqualTo(digest(CALL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", """
                {"name": "report"}""", """
                {"name": "Report", "arguments": {"a": 1, "b": [{"c": "x", "d": true}, null, 2.5]}}""", """
                {"name": "report", "arguments": {"a": 2, "b": [{"c": "x", "d": true}, null, 2.5]}}""", """
                {"name": "report", "arguments": {"a": "1", "b": [{"c": "x", "d": true}, null, 2.5]}}""", """
                {"name": "report", "arguments": {"a": 1, "b": [null, {"c": "x", "d": true}, 2.5]}}""", """
                {"name": "report", "arguments": {"a": 1, "b": [{"c": "x", "d": false}, null, 2.5]}}""", """
                {"name": "report", "arguments": {"a": 1, "b": [{"c": "x"}, null, 2.5]}}""", """
                {"name": "report", "arguments": {"a": 1, "b": [{"c": "x", "d": true}, 2.5]}}""", """
                {"name": "report", "arguments": {"a": 1, "b": [{"c": "x", "d": true}, null, 2.5], "z": null}}""", """
                {"name": "report", "arguments": {"a": 1, "b": [{"c": "x", "d": true}, null, 2.5]}, "extra": 1}""", """
                {"name": "report",
                 "arguments": {"a": 1, "b": [{"c": "x", "d": true}, null, 2.5], "_meta": {}, "requestState": "x"}}"""})
    void everythingElseMatters(String other) {
        assertThat(digest(other)).isNotEqualTo(digest(CALL));
    }

    @Test
    void methodMatters() {
        assertThat(digest("prompts/get", CALL)).isNotEqualTo(digest(CALL));
    }

    @Test
    void requestWithoutParamsHasOneToo() {
        assertThat(digest("resources/read", "{}"))
                .isEqualTo(digest("resources/read", "{\"_meta\": {}}"))
                .hasSize(64);
    }
}
