package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.server.transport.RequestRules;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Says what is wrong with an answer, whatever the request was. */
final class FuzzJudge {

    private static final Set<Integer> STATUSES = Set.of(200, 202, 400, 404, 405, 410, 413, 415);

    private static final List<String> SECRETS = List.of(
            "stackTrace",
            "java.",
            "org.springframework",
            "io.asyncmcp",
            "tools.jackson",
            "Exception",
            "Caused by",
            "\\tat ");

    private static final Set<String> LEGACY = Set.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");

    /** What an HTTP response has to be if the body is an error, by the error's code. */
    private static final Map<Integer, Integer> STATUS_OF_CODE =
            Map.of(-32700, 400, -32600, 400, -32601, 404, -32020, 400, -32021, 400, -32022, 400, -32603, 200);

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    void count(String what) {
        counts.computeIfAbsent(what, key -> new LongAdder()).increment();
    }

    long counted(String what) {
        return counts.getOrDefault(what, new LongAdder()).sum();
    }

    List<String> faults() {
        return faults.stream().limit(20).toList();
    }

    void fault(int number, Wire wire, String what) {
        faults.add("#" + number + " " + what + "\n    of " + wire);
    }

    String table() {
        return new TreeMap<>(counts)
                .entrySet().stream()
                        .map(entry -> "  %-28s %6d"
                                .formatted(entry.getKey(), entry.getValue().sum()))
                        .collect(Collectors.joining("\n"));
    }

    static boolean isModern(Wire wire, JsonNode message) {
        List<String> versions = wire.headers.getOrDefault(Wire.VERSION_HEADER, List.of());
        boolean inHeaders = !versions.isEmpty()
                && !LEGACY.containsAll(versions.stream().map(String::strip).toList());
        return inHeaders
                || message.path("method").isString()
                        && message.at("/params/_meta").has(Wire.PREFIX + "protocolVersion");
    }

    /** The message as the server has to read it, or nothing at all. */
    static JsonNode read(byte[] body) {
        for (byte b : body) {
            if (b == 0) {
                // UTF-16 or UTF-32, which JSON parsers recognize and MCP does not have.
                return Wire.JSON.missingNode();
            }
        }
        try {
            return Wire.JSON.readTree(body);
        } catch (JacksonException e) {
            return Wire.JSON.missingNode();
        }
    }

    /** Looks at a complete answer: its messages, of which the last one is the response. */
    void judge(int number, Wire wire, int status, boolean stream, String body, List<String> messages) {
        count("status " + status);
        if (!STATUSES.contains(status)) {
            fault(number, wire, "status " + status + ": " + body);
        }
        SECRETS.stream().filter(body::contains).forEach(secret -> fault(number, wire, "says " + secret + ": " + body));
        if (status == 202) {
            if (!body.isEmpty()) {
                fault(number, wire, "202 with a body: " + body);
            }
            return;
        }
        for (String message : messages.subList(0, Math.max(0, messages.size() - 1))) {
            notification(number, wire, message);
        }
        if (messages.isEmpty()) {
            fault(number, wire, "no response, status " + status + ", " + (stream ? "a stream" : "no stream"));
        } else {
            response(number, wire, status, stream, messages.get(messages.size() - 1));
        }
    }

    private void notification(int number, Wire wire, String text) {
        JsonNode message = read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        count("notification " + message.path("method").asString("?"));
        if (!message.path("method").isString()
                || message.has("id")
                || !message.path("jsonrpc").asString("").equals("2.0")) {
            fault(number, wire, "not a notification: " + text);
        }
    }

    private void response(int number, Wire wire, int status, boolean stream, String text) {
        JsonNode message = read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        boolean isError = message.has("error");
        if (!message.path("jsonrpc").asString("").equals("2.0") || isError == message.has("result")) {
            fault(number, wire, "not a response: " + text);
            return;
        }
        JsonNode request = read(wire.body);
        boolean modern = isModern(wire, request);
        if (isError) {
            error(number, wire, status, stream, modern, message.path("error"));
        } else {
            count("result " + message.path("result").path("resultType").asString("none"));
            if (status != 200 || !message.path("result").path("resultType").isString()) {
                fault(number, wire, "result with status " + status + ": " + text);
            }
        }
        JsonNode id = request.path("id");
        boolean usable =
                id.isString() && id.asString().length() <= RequestRules.MAX_NAME_LENGTH || id.isInt() || id.isLong();
        boolean same =
                usable ? id.equals(message.path("id")) : message.path("id").isNull() || !message.has("id");
        if (modern && request.isObject() && status != 413 && status != 415 && status != 405 && !same) {
            fault(number, wire, "id should be " + (usable ? id : "unknown") + ": " + text);
        }
    }

    private void error(int number, Wire wire, int status, boolean stream, boolean modern, JsonNode error) {
        int code = error.path("code").asInt(0);
        count((modern ? "error " : "earlier version's error ") + code);
        if (!error.path("code").isInt() || error.path("message").asString("").isBlank()) {
            fault(number, wire, "not an error: " + error);
        }
        if (code == -32603 && error.path("message").asString("").equals("internal error")) {
            fault(number, wire, "failed for a reason of the server's own");
        }
        boolean other = !modern || stream || status == 413 || status == 415 || status == 405;
        if (!other && code != -32602 && STATUS_OF_CODE.getOrDefault(code, 0) != status) {
            fault(number, wire, "status " + status + " with error " + error);
        }
    }
}
