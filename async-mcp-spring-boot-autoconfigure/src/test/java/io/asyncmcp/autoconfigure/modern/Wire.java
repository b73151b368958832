package io.asyncmcp.autoconfigure.modern;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One HTTP request of protocol 2026-07-28 as it goes out, to be bent until it is none any more. */
final class Wire {

    static final String VERSION = "2026-07-28";

    static final String PREFIX = "io.modelcontextprotocol/";

    static final String VERSION_HEADER = "MCP-Protocol-Version";

    static final String EVERYTHING =
            "{\"elicitation\":{},\"sampling\":{},\"roots\":{},\"extensions\":{\"" + PREFIX + "tasks\":{}}}";

    /** Halves of surrogate pairs can be written as escapes alone. */
    static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** Headers that no rule speaks of can be longer than servers take. */
    private static final int MAX_HEADER = 2000;

    private static final Map<String, String> NAMES = Map.of(
            "tools/call", "name",
            "prompts/get", "name",
            "resources/read", "uri",
            "tasks/get", "taskId",
            "tasks/update", "taskId",
            "tasks/cancel", "taskId");

    String method = "POST";

    final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    byte[] body;

    private Wire(byte[] body) {
        this.body = body;
        header("Content-Type", "application/json");
        header("Accept", "application/json, text/event-stream");
    }

    /** A message with the headers that belong to it. */
    static Wire of(JsonNode message) {
        Wire wire = new Wire(bytes(message));
        wire.mirror(message);
        return wire;
    }

    static Wire of(String body) {
        return new Wire(body.getBytes(StandardCharsets.UTF_8));
    }

    /** A request with {@code _meta} as it must be. */
    static ObjectNode request(Object id, String method, String params, String capabilities) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("jsonrpc", "2.0");
        message.put("id", id);
        message.put("method", method);
        ObjectNode tree = JSON.valueToTree(message);
        ObjectNode object = (ObjectNode) JSON.readTree(params);
        ObjectNode meta = object.putObject("_meta");
        meta.put(PREFIX + "protocolVersion", VERSION);
        meta.set(PREFIX + "clientCapabilities", JSON.readTree(capabilities));
        meta.set(PREFIX + "clientInfo", JSON.readTree("{\"name\":\"wire\",\"version\":\"1\"}"));
        tree.set("params", object);
        return tree;
    }

    static byte[] bytes(JsonNode message) {
        return JSON.writeValueAsString(message).getBytes(StandardCharsets.UTF_8);
    }

    /** Says in the headers what the message says. */
    void mirror(JsonNode message) {
        JsonNode params = message.path("params");
        String version = params.path("_meta").path(PREFIX + "protocolVersion").asString(VERSION);
        header(VERSION_HEADER, encoded(version));
        String name = message.path("method").asString("");
        header("Mcp-Method", encoded(name));
        JsonNode named = params.path(NAMES.getOrDefault(name, "\u0000"));
        if (named.isString()) {
            header("Mcp-Name", encoded(named.asString()));
        } else {
            headers.remove("Mcp-Name");
        }
    }

    Wire header(String name, String... values) {
        headers.put(name, new ArrayList<>(List.of(values)));
        return this;
    }

    Wire without(String name) {
        headers.remove(name);
        return this;
    }

    static String encoded(String value) {
        boolean plain = value.chars().allMatch(c -> c >= ' ' && c <= '~') && value.equals(value.strip());
        String safe = plain ? value : base64(value);
        return safe.length() > MAX_HEADER ? "too long" : safe;
    }

    static String base64(String value) {
        return "=?base64?" + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    @Override
    public String toString() {
        String text = new String(body, StandardCharsets.UTF_8);
        return method + " " + headers + " " + (text.length() > 600 ? text.substring(0, 600) + "..." : text);
    }
}
