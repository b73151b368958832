package io.asyncmcp.sample.client;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;

/** Reads the answer to a tool call as it comes over the wire. */
final class WireAnswer {

    private static final String DATA = "data:";

    private static final McpJsonMapper JSON = McpJsonDefaults.getMapper();

    private static final TypeRef<CallToolResult> RESULT = new TypeRef<>() {};

    private WireAnswer() {}

    /**
     * Makes sure that a call got its own answer.
     *
     * @param body an event stream with one event
     * @param id the request's id
     * @param text what the answer has to say
     * @throws IllegalStateException if it does not
     */
    static void check(String body, long id, String text) {
        try {
            JSONRPCResponse response = JSON.readValue(data(body), JSONRPCResponse.class);
            Answer answer = new Answer(JSON.convertValue(response.result(), RESULT));
            if (response.id() instanceof Number number
                    && number.longValue() == id
                    && !answer.isError()
                    && answer.text().equals(text)) {
                return;
            }
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException("call " + id + " got an answer that cannot be read: " + body, e);
        }
        throw new IllegalStateException("call " + id + " must be answered \"" + text + "\", but got " + body);
    }

    private static String data(String body) {
        return body.lines()
                .filter(line -> line.startsWith(DATA))
                .map(line -> line.substring(DATA.length()))
                .reduce((one, other) -> {
                    throw new IllegalStateException("more than one event");
                })
                .orElseThrow(() -> new IllegalStateException("no event"));
    }
}
