package io.asyncmcp.autoconfigure.modern;

import static io.asyncmcp.autoconfigure.modern.FuzzSeeds.any;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Ways to get a request wrong. */
final class FuzzMutations {

    /** What goes well for arguments, and is too much for bodies; see the server's limits. */
    private static final int[] SIZES = {1_000, 30_000, 70_000, 120_000, 200_000};

    private static final int[] DEPTHS = {20, 100, 300, 470, 490, 497, 505, 2_000, 20_000};

    private static final List<Object> JUNK = Arrays.asList(
            null,
            true,
            0,
            -1,
            1.5,
            new BigDecimal("1e400"),
            BigInteger.ONE.shiftLeft(70),
            Long.MAX_VALUE,
            "",
            " ",
            "x",
            "\u0000\u0007",
            "\ud83d\ude00 \u00e9",
            "\ud800",
            "a\udc00b",
            "2026-07-28",
            "../../etc/passwd",
            "a\r\nX-Other: b",
            "=?base64?eA==?=",
            "__proto__",
            List.of(),
            List.of("x"),
            List.of(List.of()),
            java.util.Map.of(),
            java.util.Map.of("a", 1),
            java.util.Map.of("type", "ref/none"));

    private FuzzMutations() {}

    static Wire mutated(ObjectNode valid, Random random) {
        if (random.nextInt(7) == 0) {
            return Wire.of(valid);
        }
        ObjectNode message = valid.deepCopy();
        boolean mirrored = random.nextInt(6) > 0;
        int kind = random.nextInt(100);
        if (kind < 45) {
            for (int i = random.nextInt(2); i >= 0; i--) {
                bend(message, random);
            }
        } else if (kind < 60) {
            inMeta(message, random);
        } else if (kind < 66) {
            enlarge(message, random);
        }
        Wire wire = Wire.of(mirrored ? message : valid);
        wire.body = Wire.bytes(message);
        if (kind >= 66 && kind < 84) {
            inHeaders(wire, random);
        } else if (kind >= 84) {
            inBytes(wire, message, random);
        }
        return wire;
    }

    private static JsonNode junk(Random random) {
        return Wire.JSON.valueToTree(any(JUNK, random));
    }

    /** Puts something in the place of any value, takes it away, or gives it a new name. */
    private static void bend(ObjectNode message, Random random) {
        List<ObjectNode> objects = new ArrayList<>();
        collect(message, objects);
        ObjectNode object = any(objects, random);
        List<String> names = new ArrayList<>(object.propertyNames());
        String name = names.isEmpty() ? "new" : any(names, random);
        switch (random.nextInt(6)) {
            case 0 -> object.remove(name);
            case 1 -> {
                JsonNode value = object.remove(name);
                object.set(name + "x", value == null ? junk(random) : value);
            }
            case 2 -> object.set("new", junk(random));
            case 3 -> {
                ArrayNode list = Wire.JSON.createArrayNode();
                list.add(object.path(name));
                object.set(name, list);
            }
            default -> object.set(name, junk(random));
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        node.forEach(child -> collect(child, objects));
    }

    private static void inMeta(ObjectNode message, Random random) {
        if (!(message.at("/params/_meta") instanceof ObjectNode meta)) {
            return;
        }
        switch (random.nextInt(9)) {
            case 0 -> meta.remove(Wire.PREFIX + any(List.of("protocolVersion", "clientCapabilities"), random));
            case 1 -> meta.put(Wire.PREFIX + "protocolVersion", any(List.of("1900-01-01", "2025-11-25", "9"), random));
            case 2 -> meta.set(Wire.PREFIX + "protocolVersion", junk(random));
            case 3 -> meta.set(Wire.PREFIX + "clientCapabilities", junk(random));
            case 4 ->
                meta.putObject(Wire.PREFIX + "clientCapabilities")
                        .set(
                                any(List.of("extensions", "elicitation", "sampling", "roots", "experimental"), random),
                                junk(random));
            case 5 -> meta.set(Wire.PREFIX + "clientInfo", junk(random));
            case 6 -> meta.set(Wire.PREFIX + "logLevel", junk(random));
            case 7 -> meta.set("progressToken", junk(random));
            default -> ((ObjectNode) message.path("params")).set("_meta", junk(random));
        }
    }

    private static void enlarge(ObjectNode message, Random random) {
        List<ObjectNode> objects = new ArrayList<>();
        collect(message, objects);
        ObjectNode object = any(objects, random);
        List<String> names = new ArrayList<>(object.propertyNames());
        String name = names.isEmpty() ? "new" : any(names, random);
        if (random.nextBoolean()) {
            object.put(name, "x".repeat(SIZES[random.nextInt(SIZES.length)]));
        } else {
            // Nested deeper than trees can be written; see inBytes.
            object.put(name, "NEST" + DEPTHS[random.nextInt(DEPTHS.length)]);
        }
    }

    private static void inHeaders(Wire wire, Random random) {
        String name = any(List.of(Wire.VERSION_HEADER, "Mcp-Method", "Mcp-Name"), random);
        List<String> values = wire.headers.getOrDefault(name, List.of("x"));
        switch (random.nextInt(11)) {
            case 0 -> wire.without(name);
            case 1 -> wire.header(name, values.get(0), values.get(0));
            case 2 -> wire.header(name, values.get(0), "x");
            case 3 ->
                wire.header(name, any(List.of("", "x", "=?base64?", "=?base64??=", "=?base64?!?=", "a, b"), random));
            case 4 -> wire.header(name, Wire.base64(values.get(0)));
            case 5 -> wire.header(name, "  " + values.get(0) + " ");
            case 6 ->
                wire.header(
                        Wire.VERSION_HEADER,
                        any(List.of("2025-11-25", "2025-03-26", "1900-01-01", "2027-01-01"), random));
            case 7 -> wire.header("Accept", any(List.of("*/*", "text/html", "///", "", "application/json"), random));
            case 8 -> wire.header("Content-Type", any(List.of("text/plain", "x", "", "application/xml"), random));
            case 9 -> wire.header("Mcp-Session-Id", "no-such-session").header("Last-Event-ID", "7");
            default -> {
                wire.method = random.nextBoolean() ? "GET" : "DELETE";
                wire.body = new byte[0];
            }
        }
    }

    private static void inBytes(Wire wire, ObjectNode message, Random random) {
        byte[] body = wire.body;
        switch (random.nextInt(10)) {
            case 0 -> wire.body = Arrays.copyOf(body, random.nextInt(body.length));
            case 1 -> body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            case 2 -> {
                for (int i = 0; i < 5; i++) {
                    body[random.nextInt(body.length)] = (byte) (0x80 + random.nextInt(128));
                }
            }
            case 3 -> wire.body = text("[" + message + "]");
            case 4 -> wire.body = text("[" + message + "," + message + "]");
            case 5 -> wire.body = text(message + "" + message);
            case 6 -> wire.body = text(any(List.of("", "null", "7", "\"x\"", "[]", "{}", "[".repeat(3000)), random));
            case 7 -> wire.body = message.toString().getBytes(StandardCharsets.UTF_16);
            case 8 -> {
                message.remove("id");
                wire.body = Wire.bytes(message);
            }
            default ->
                wire.body = text("{\"jsonrpc\":\"2.0\",\"id\":" + message.path("id") + ","
                        + any(
                                List.of("\"result\":{}", "\"error\":{\"code\":1,\"message\":\"x\"}", "\"result\":null"),
                                random)
                        + "}");
        }
    }

    private static byte[] text(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    /** Puts nested lists where {@link #enlarge} has left their depth: no writer writes them. */
    static byte[] nested(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\"NEST");
        if (at < 0) {
            return body;
        }
        int end = text.indexOf('"', at + 1);
        int depth = Integer.parseInt(text.substring(at + 5, end));
        boolean objects = depth % 2 == 0;
        String nested = (objects ? "{\"a\":" : "[").repeat(depth) + "1" + (objects ? "}" : "]").repeat(depth);
        return (text.substring(0, at) + nested + text.substring(end + 1)).getBytes(StandardCharsets.ISO_8859_1);
    }
}
