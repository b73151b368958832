package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.json.McpJsonDefaults;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestRulesTests {

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

    private static Object read(String json) throws IOException {
        return McpJsonDefaults.getMapper().readValue(json, Object.class);
    }
}
