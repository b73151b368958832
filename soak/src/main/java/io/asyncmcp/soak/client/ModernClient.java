package io.asyncmcp.soak.client;

import io.asyncmcp.soak.client.Plan.Afterwards;
import io.asyncmcp.soak.client.Plan.Course;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Speaks protocol 2026-07-28 on the wire, with its Tasks extension and without. */
public final class ModernClient extends SoakClient {

    private static final String VERSION = "2026-07-28";

    private static final String PREFIX = "io.modelcontextprotocol/";

    private static final int POLL_MILLIS = 100;

    private final Wire wire;

    private final Wire vanishing;

    public ModernClient(String url, String user, Plans plans, Tally tally, Book book) {
        super(Face.MODERN, plans, tally, book);
        this.wire = new Wire(url, user);
        this.vanishing = wire.vanishing();
    }

    /** There are no sessions. */
    @Override
    void connect() {}

    private Exchange send(String method, Map<String, ?> params, Plan plan) {
        return send(wire, method, params, plan.extension(), plan.key(), this::heard);
    }

    private static Exchange send(
            Wire by,
            String method,
            Map<String, ?> params,
            boolean extension,
            String progressToken,
            Consumer<JsonNode> others) {
        Map<String, Object> capabilities = new LinkedHashMap<>(Map.of("elicitation", Map.of()));
        if (extension) {
            capabilities.put("extensions", Map.of(PREFIX + "tasks", Map.of()));
        }
        Map<String, Object> all = new LinkedHashMap<>(params);
        all.put(
                "_meta",
                Map.<String, Object>of(
                        PREFIX + "protocolVersion",
                        VERSION,
                        PREFIX + "clientInfo",
                        Map.of("name", "soak", "version", "1"),
                        PREFIX + "clientCapabilities",
                        capabilities,
                        "progressToken",
                        progressToken));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("MCP-Protocol-Version", VERSION);
        headers.put("Mcp-Method", method);
        Object name = params.containsKey("taskId") ? params.get("taskId") : params.get("name");
        if (name != null) {
            headers.put("Mcp-Name", name.toString());
        }
        return by.send(method, all, headers, others);
    }

    private void heard(JsonNode message) {
        if (message.path("method").asString("").equals("notifications/progress")) {
            count(Event.TOLD_OF_PROGRESS);
        }
    }

    @Override
    Fate perform(Plan plan) throws Exception {
        Map<String, Object> call = call(plan.tool().toString(), plan.arguments());
        if (plan.course() == Course.VANISH) {
            Exchange exchange = send(vanishing, "tools/call", call, plan.extension(), plan.key(), this::heard);
            pause(plan.patience());
            exchange.vanish();
            count(Event.CLOSED_THE_CONNECTION);
            return Fate.LOST;
        }
        JsonNode result = ask(call, plan);
        if (result.isMissingNode()) {
            return Fate.LEFT;
        }
        if (result.has("error")) {
            count(Event.REFUSED);
            return Fate.REFUSED;
        }
        if (plan.tool() == Tool.PLAIN) {
            count(Event.CALLED_A_PLAIN_TOOL);
            return end(plan, Reply.of(result));
        }
        Reply reply = Reply.of(result);
        boolean task = result.path("resultType").asString("").equals("task");
        if (!task && !reply.isProcessing()) {
            Fate end = end(plan, reply);
            if (end != Fate.REFUSED) {
                count(Event.ANSWERED_IN_TIME);
            }
            return end;
        }
        String handle = task ? result.path("taskId").asString() : reply.operationId();
        count(Event.GIVEN_A_HANDLE);
        forget(handle);
        if (plan.course() == Course.LEAVE) {
            count(Event.LEFT_AN_OPERATION_ALONE);
            return Fate.LEFT;
        }
        if (plan.course() == Course.CANCEL) {
            pause(plan.patience());
            if (task) {
                send("tasks/cancel", Map.of("taskId", handle), plan).result();
            } else {
                send("tools/call", call("cancel_operation", Map.of("operation_id", handle)), plan)
                        .result();
            }
        }
        Fate end = task ? followTask(plan, handle) : comeBack(plan, handle);
        if (plan.course() == Course.CANCEL) {
            count(end == Fate.CANCELLED ? Event.CANCELLED : Event.CANCELLED_TOO_LATE);
        }
        return end;
    }

    private static Map<String, Object> call(String tool, Map<String, ?> arguments) {
        return Map.<String, Object>of("name", tool, "arguments", arguments);
    }

    /**
     * Calls, and comes back with answers for as long as there are questions.
     *
     * @return the result, a message with an error that says when to try again, or a missing node if a question was left open
     */
    private JsonNode ask(Map<String, Object> call, Plan plan) throws Exception {
        Map<String, Object> params = call;
        while (true) {
            Exchange exchange = send("tools/call", params, plan);
            JsonNode message = exchange.await();
            if (message.path("error").path("data").has("retryAfterSeconds")) {
                return message;
            }
            JsonNode result = exchange.result();
            if (!result.path("resultType").asString("").equals("input_required")) {
                return result;
            }
            if (!plan.answers()) {
                count(Event.LEFT_A_QUESTION_OPEN);
                return Wire.JSON.missingNode();
            }
            params = new LinkedHashMap<>(call);
            params.put("requestState", result.path("requestState"));
            params.put("inputResponses", answers(result));
            count(Event.ANSWERED_A_QUESTION);
        }
    }

    private static Map<String, Object> answers(JsonNode asked) {
        Map<String, Object> answers = new LinkedHashMap<>();
        for (String key : asked.path("inputRequests").propertyNames()) {
            answers.put(key, YES);
        }
        return answers;
    }

    private Fate comeBack(Plan plan, String handle) throws Exception {
        Map<String, Object> call =
                call("continue_operation", Map.<String, Object>of("operation_id", handle, "wait_time", 1));
        while (true) {
            JsonNode result = ask(call, plan);
            if (result.isMissingNode()) {
                return Fate.LEFT;
            }
            Reply reply = Reply.of(result);
            if (!reply.isProcessing()) {
                return end(plan, reply);
            }
        }
    }

    private Fate followTask(Plan plan, String id) throws Exception {
        boolean leftOpen = false;
        if (plan.curious()) {
            listen(plan, id);
        }
        while (true) {
            JsonNode task = send("tasks/get", Map.of("taskId", id), plan).result();
            switch (task.path("status").asString("")) {
                case "working" -> pause(POLL_MILLIS);
                case "input_required" -> {
                    if (plan.answers()) {
                        send(
                                        "tasks/update",
                                        Map.<String, Object>of("taskId", id, "inputResponses", answers(task)),
                                        plan)
                                .result();
                        count(Event.ANSWERED_A_QUESTION);
                    } else {
                        if (!leftOpen) {
                            count(Event.LEFT_A_QUESTION_OPEN);
                        }
                        leftOpen = true;
                        pause(POLL_MILLIS);
                    }
                }
                case "completed" -> {
                    return end(plan, Reply.of(task.path("result")));
                }
                case "failed" -> {
                    failed(task.path("error").path("message").asString(""));
                    return Fate.FAILED;
                }
                case "cancelled" -> {
                    return Fate.CANCELLED;
                }
                default -> throw new Unexpected("no status", task);
            }
        }
    }

    /** Hears of the task's first state, and of its end or of the question that stands before it. */
    private void listen(Plan plan, String id) throws Exception {
        CompletableFuture<String> told = new CompletableFuture<>();
        Exchange listening = send(
                vanishing,
                "subscriptions/listen",
                Map.of("notifications", Map.of("taskIds", List.of(id))),
                plan.extension(),
                plan.key(),
                message -> {
                    String status = message.path("params").path("status").asString("working");
                    if (!status.equals("working")) {
                        told.complete(status);
                    }
                });
        told.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        listening.vanish();
        count(Event.LISTENED);
    }

    @Override
    void askForExpired(String task) throws Exception {
        JsonNode message = send(wire, "tasks/get", Map.of("taskId", task), true, task, this::heard)
                .await();
        if (!message.path("error").path("message").asString("").startsWith("Task not found")) {
            throw new Unexpected("still known", message);
        }
    }

    @Override
    void restart(Afterwards afterwards) {}

    @Override
    void disconnect() {}
}
