package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesTests {

    private final Messages messages = new Messages(McpJsonDefaults.getMapper());

    private JSONRPCMessage read(String json) {
        return messages.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void request() {
        JSONRPCRequest request = (JSONRPCRequest)
                read("{'jsonrpc': '2.0', 'id': 7, 'method': 'tools/call', 'params': {'name': 'a', 'task': null}}");
        assertThat(request.id()).isEqualTo(7);
        assertThat(request.method()).isEqualTo("tools/call");
        assertThat(request.params()).as("null is not there").isEqualTo(Map.of("name", "a"));
        assertThat(((JSONRPCRequest) read("{'jsonrpc': '2.0', 'id': 9007199254740993, 'method': 'm'}")).id())
                .isEqualTo(9_007_199_254_740_993L);
    }

    @Test
    void nullIsNotThereAtAnyDepthOfObjects() {
        JSONRPCNotification notification = (JSONRPCNotification)
                read("{'jsonrpc': '2.0', 'method': 'm', 'params': {'a': {'b': null}, 'c': [null, {'d': null}]}}");
        assertThat(notification.params()).isEqualTo(Map.of("a", Map.of(), "c", Arrays.asList(null, Map.of())));
    }

    @Test
    void response() {
        JSONRPCResponse response = (JSONRPCResponse) read("{'jsonrpc': '2.0', 'id': 'q', 'result': {'a': 1}}");
        assertThat(response.id()).isEqualTo("q");
        assertThat(response.result()).isEqualTo(Map.of("a", 1));
        JSONRPCResponse error = (JSONRPCResponse)
                read("{'jsonrpc': '2.0', 'id': 'q', 'error': {'code': -1, 'message': 'm', 'data': ['d']}}");
        assertThat(error.error().code()).isEqualTo(-1);
        assertThat(error.error().data()).isEqualTo(List.of("d"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-32700 | ''",
                "-32700 | {",
                "-32600 | []",
                "-32600 | 1",
                "-32600 | {}",
                "-32600 | {\"jsonrpc\": \"1.0\", \"id\": 1, \"method\": \"m\"}",
                "-32600 | {\"jsonrpc\": \"2.0\", \"id\": 1}",
                "-32600 | {\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": 1}",
                "-32600 | {\"jsonrpc\": \"2.0\", \"id\": null, \"method\": \"m\"}",
                "-32600 | {\"jsonrpc\": \"2.0\", \"id\": 1.5, \"method\": \"m\"}",
                "-32600 | {\"jsonrpc\": \"2.0\", \"id\": 123456789012345678901, \"method\": \"m\"}",
                "-32600 | {\"jsonrpc\": \"2.0\", \"result\": {}}",
                "-32600 | {\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": null}",
                "-32600 | {\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": {}, \"error\": {\"code\": 1, \"message\": \"m\"}}",
                "-32600 | {\"jsonrpc\": \"2.0\", \"id\": 1, \"error\": {\"code\": \"1\", \"message\": \"m\"}}",
                "-32600 | {\"jsonrpc\": \"2.0\", \"id\": 1, \"error\": null}"
            })
    void noMessage(int code, String json) {
        assertThatThrownBy(() -> messages.read(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        MessageFault.class,
                        fault -> assertThat(new String(fault.json(McpJsonDefaults.getMapper()), StandardCharsets.UTF_8))
                                .startsWith("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":" + code + ","));
    }
}
