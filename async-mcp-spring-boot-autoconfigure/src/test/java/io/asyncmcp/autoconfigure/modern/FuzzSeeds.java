package io.asyncmcp.autoconfigure.modern;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests as clients with good manners send them, some of which take up what the server has said before. */
final class FuzzSeeds {

    private static final int KEPT = 40;

    private static final List<String> CALLS = List.of(
            "{\"name\":\"plain\",\"arguments\":{\"text\":\"hello\"}}",
            "{\"name\":\"plain_broken\",\"arguments\":{}}",
            "{\"name\":\"plain_asks\",\"arguments\":{\"text\":\"hello\"}}",
            "{\"name\":\"echo\",\"arguments\":{\"text\":\"hello\"}}",
            "{\"name\":\"anything\",\"arguments\":{\"value\":{\"a\":[1,{\"b\":null}],\"c\":\"d\"}}}",
            "{\"name\":\"typed\",\"arguments\":{\"name\":\"hello\"}}",
            "{\"name\":\"broken\",\"arguments\":{}}",
            "{\"name\":\"takes_time\",\"arguments\":{}}",
            "{\"name\":\"alike\",\"arguments\":{}}",
            "{\"name\":\"only_task\",\"arguments\":{}}",
            "{\"name\":\"never_task\",\"arguments\":{\"text\":\"hello\"}}",
            "{\"name\":\"asks\",\"arguments\":{\"text\":\"hello\"}}",
            "{\"name\":\"asks_twice\",\"arguments\":{\"value\":{\"a\":\"b\"}}}",
            "{\"name\":\"routed\",\"arguments\":{}}",
            "{\"name\":\"no_such_tool\",\"arguments\":{}}");

    private static final List<String[]> OTHERS = List.of(
            new String[] {"server/discover", "{}"},
            new String[] {"tools/list", "{}"},
            new String[] {"tools/list", "{\"cursor\":\"x\"}"},
            new String[] {"prompts/list", "{}"},
            new String[] {"prompts/get", "{\"name\":\"greet\",\"arguments\":{\"name\":\"you\"}}"},
            new String[] {"prompts/get", "{\"name\":\"asking\",\"arguments\":{}}"},
            new String[] {"prompts/get", "{\"name\":\"none\",\"arguments\":{}}"},
            new String[] {"resources/list", "{}"},
            new String[] {"resources/templates/list", "{}"},
            new String[] {"resources/read", "{\"uri\":\"fuzz://text\"}"},
            new String[] {"resources/read", "{\"uri\":\"fuzz://item/7\"}"},
            new String[] {"resources/read", "{\"uri\":\"fuzz://none\"}"},
            new String[] {
                "completion/complete",
                "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"greet\"},\"argument\":{\"name\":\"name\",\"value\":\"pa\"}}"
            },
            new String[] {"initialize", "{}"},
            new String[] {"ping", "{}"},
            new String[] {"logging/setLevel", "{\"level\":\"info\"}"},
            new String[] {"resources/subscribe", "{\"uri\":\"fuzz://text\"}"},
            new String[] {"tasks/list", "{}"},
            new String[] {"tasks/result", "{\"taskId\":\"x\"}"},
            new String[] {"no/such/method", "{}"});

    /** A call that was answered with questions. */
    private record Asked(ObjectNode request, String state, List<String> keys) {}

    private final List<String> tasks = new CopyOnWriteArrayList<>();

    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** Keeps what later requests can take up. */
    void learn(JsonNode request, JsonNode result) {
        if (result.path("taskId").isString()) {
            keep(tasks, result.path("taskId").asString());
        }
        if (result.path("requestState").isString() && request.isObject()) {
            keep(
                    asked,
                    new Asked(
                            (ObjectNode) request.deepCopy(),
                            result.path("requestState").asString(),
                            new ArrayList<>(result.path("inputRequests").propertyNames())));
        }
    }

    /** The latest of each, most of which are still alive. */
    private static <T> void keep(List<T> list, T value) {
        list.add(value);
        while (list.size() > KEPT) {
            list.remove(0);
        }
    }

    ObjectNode next(Random random, int number) {
        Object id = random.nextBoolean() ? number : "r" + number;
        String capabilities = random.nextInt(5) == 0 ? "{}" : Wire.EVERYTHING;
        int kind = random.nextInt(100);
        if (kind < 45) {
            ObjectNode call = Wire.request(id, "tools/call", any(CALLS, random), capabilities);
            if (random.nextBoolean()) {
                ((ObjectNode) call.at("/params/_meta")).put("progressToken", "p" + number);
                ((ObjectNode) call.at("/params/_meta")).put(Wire.PREFIX + "logLevel", "info");
            }
            return call;
        }
        if (kind < 65) {
            return ofTask(random, id, capabilities);
        }
        if (kind < 73) {
            return again(random, id);
        }
        if (kind < 77) {
            return Wire.request(id, "subscriptions/listen", listen(random), capabilities);
        }
        String[] other = any(OTHERS, random);
        return Wire.request(id, other[0], other[1], capabilities);
    }

    private ObjectNode ofTask(Random random, Object id, String capabilities) {
        String method = any(List.of("tasks/get", "tasks/get", "tasks/update", "tasks/cancel"), random);
        ObjectNode request = Wire.request(id, method, "{}", capabilities);
        ObjectNode params = (ObjectNode) request.path("params");
        params.put("taskId", taskId(random));
        if (method.equals("tasks/update")) {
            params.set("inputResponses", answers(random, List.of("consent", "thought", "nobody-asked")));
        }
        return request;
    }

    private String taskId(Random random) {
        List<String> known = List.copyOf(tasks);
        return switch (random.nextInt(6)) {
            case 0 -> "0".repeat(26);
            case 1 -> any(List.of("", "x", "../..", "0".repeat(25), "0".repeat(27), "\u00e9".repeat(26)), random);
            default -> known.isEmpty() ? "1".repeat(26) : any(known, random);
        };
    }

    /** Comes back with answers, with a state that is right, is not, or is another request's. */
    private ObjectNode again(Random random, Object id) {
        List<Asked> known = List.copyOf(asked);
        if (known.isEmpty()) {
            return Wire.request(id, "tools/call", "{\"name\":\"asks\",\"requestState\":\"eA\"}", Wire.EVERYTHING);
        }
        Asked one = any(known, random);
        ObjectNode request = one.request().deepCopy();
        request.set("id", Wire.JSON.valueToTree(id));
        ObjectNode params = (ObjectNode) request.path("params");
        params.set("inputResponses", answers(random, one.keys()));
        String state = one.state();
        params.put(
                "requestState",
                switch (random.nextInt(8)) {
                    case 0 -> state.substring(0, random.nextInt(state.length()));
                    case 1 -> state.substring(1) + "A";
                    case 2 -> any(known, random).state();
                    case 3 -> any(List.of("", "=", "A".repeat(40), "\u00fc", state + state, "{}"), random);
                    default -> state;
                });
        return request;
    }

    private static ObjectNode answers(Random random, List<String> keys) {
        ObjectNode answers = Wire.JSON.createObjectNode();
        for (String key : keys) {
            if (random.nextInt(4) > 0) {
                boolean thought = key.equals("thought");
                answers.set(
                        key,
                        Wire.JSON.readTree(
                                thought
                                        ? "{\"role\":\"assistant\",\"model\":\"m\",\"content\":{\"type\":\"text\",\"text\":\"so\"}}"
                                        : "{\"action\":\"accept\",\"content\":{\"yes\":true}}"));
            }
        }
        return answers;
    }

    private String listen(Random random) {
        return "{\"notifications\":{\"toolsListChanged\":true,\"resourcesListChanged\":" + random.nextBoolean()
                + ",\"resourceSubscriptions\":[\"fuzz://text\"],\"taskIds\":["
                + Wire.JSON.writeValueAsString(taskId(random)) + "]}}";
    }

    static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
