package io.asyncmcp.soak.client;

import io.asyncmcp.soak.client.Plan.Afterwards;
import io.asyncmcp.soak.client.Plan.Course;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** Speaks tasks of protocol 2025-11-25 on the wire. */
public final class TasksClient extends SoakClient {

    private static final String VERSION = "2025-11-25";

    private final Wire wire;

    private final Wire vanishing;

    private final boolean known;

    /** Where questions are answered: the thread that reads a stream cannot wait for that. */
    private final Executor threads;

    private final List<String> abandoned = new ArrayList<>();

    private volatile Map<String, String> headers = Map.of();

    private volatile boolean answers = true;

    public TasksClient(String url, String user, Executor threads, Plans plans, Tally tally, Book book) {
        super(Face.TASKS, plans, tally, book);
        this.wire = new Wire(url, user);
        this.vanishing = wire.vanishing();
        this.known = !user.isEmpty();
        this.threads = threads;
    }

    @Override
    void connect() throws Exception {
        Exchange initialize = wire.send(
                "initialize",
                Map.<String, Object>of(
                        "protocolVersion", VERSION,
                        "capabilities", Map.of("elicitation", Map.of("form", Map.of())),
                        "clientInfo", Map.of("name", "soak", "version", "1")),
                Map.of(),
                message -> {});
        initialize.result();
        headers = Map.of("Mcp-Session-Id", initialize.header("Mcp-Session-Id"), "MCP-Protocol-Version", VERSION);
        wire.tell(Map.of("jsonrpc", "2.0", "method", "notifications/initialized"), headers);
    }

    private Exchange send(String method, Map<String, ?> params) {
        return send(wire, method, params);
    }

    private Exchange send(Wire by, String method, Map<String, ?> params) {
        return by.send(method, params, headers, this::heard);
    }

    private void heard(JsonNode message) {
        String method = message.path("method").asString("");
        if (method.equals("notifications/progress")) {
            count(Event.TOLD_OF_PROGRESS);
        } else if (method.equals("elicitation/create")) {
            if (answers) {
                threads.execute(() -> answer(message));
            } else {
                count(Event.LEFT_A_QUESTION_OPEN);
            }
        }
    }

    private void answer(JsonNode question) {
        try {
            wire.tell(Map.<String, Object>of("jsonrpc", "2.0", "id", question.path("id"), "result", YES), headers);
            count(Event.ANSWERED_A_QUESTION);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("an answer could not be given", e);
        }
    }

    @Override
    Fate perform(Plan plan) throws Exception {
        answers = plan.answers();
        if (plan.tool() == Tool.PLAIN) {
            Exchange call = send("tools/call", Map.<String, Object>of("name", "plain", "arguments", plan.arguments()));
            count(Event.CALLED_A_PLAIN_TOOL);
            return end(plan, Reply.of(call.result()));
        }
        Exchange call = send(
                plan.course() == Course.VANISH ? vanishing : wire,
                "tools/call",
                Map.<String, Object>of(
                        "name", plan.tool().toString(),
                        "arguments", plan.arguments(),
                        "task", Map.of(),
                        "_meta", Map.of("progressToken", plan.key())));
        if (plan.course() == Course.VANISH) {
            // A handle comes at once, so that this is before or after it.
            pause(plan.patience() % 10);
            call.vanish();
            count(Event.CLOSED_THE_CONNECTION);
            return Fate.LOST;
        }
        JsonNode message = call.await();
        if (message.path("error").path("data").has("retryAfterSeconds")) {
            count(Event.REFUSED);
            return Fate.REFUSED;
        }
        String task = call.result().path("task").path("taskId").asString();
        count(Event.GIVEN_A_HANDLE);
        forget(task);
        if (plan.curious() && known) {
            send("tasks/list", Map.of()).result();
            count(Event.LISTED);
        }
        if (plan.course() == Course.LEAVE) {
            count(Event.LEFT_AN_OPERATION_ALONE);
            return Fate.LEFT;
        }
        boolean loses = plan.curious() && plan.course() != Course.CANCEL;
        Exchange result = send(loses ? vanishing : wire, "tasks/result", id(task));
        if (plan.course() == Course.CANCEL) {
            pause(plan.patience());
            cancel(task);
        } else if (loses) {
            pause(plan.patience());
            result.vanish();
            count(Event.LOST_A_STREAM_AND_CAME_BACK);
            result = send("tasks/result", id(task));
        }
        Fate end = end(plan, Reply.of(result.result()));
        String status = send("tasks/get", id(task)).result().path("status").asString();
        if (!status.equals(end.name().toLowerCase(Locale.ROOT))) {
            throw new Unexpected("a status other than that of the result, " + end, status);
        }
        return end;
    }

    private void cancel(String task) throws InterruptedException, TimeoutException, IOException {
        JsonNode message = send("tasks/cancel", id(task)).await();
        if (message.path("result").path("status").asString("").equals("cancelled")) {
            count(Event.CANCELLED);
        } else if (message.path("error").path("message").asString("").contains("has ended already")) {
            count(Event.CANCELLED_TOO_LATE);
        } else {
            throw new Unexpected("neither cancelled nor ended", message);
        }
    }

    private static Map<String, String> id(String task) {
        return Map.of("taskId", task);
    }

    @Override
    void askForExpired(String task) throws Exception {
        JsonNode message = send("tasks/get", id(task)).await();
        if (!message.path("error").path("message").asString("").startsWith("Task not found")) {
            throw new Unexpected("still known", message);
        }
    }

    @Override
    void restart(Afterwards afterwards) throws Exception {
        switch (afterwards) {
            case STAY -> {}
            case DELETE -> {
                delete();
                connect();
            }
            case ABANDON -> {
                abandoned.add(headers.getOrDefault("Mcp-Session-Id", ""));
                count(Event.ABANDONED_A_SESSION);
                connect();
            }
        }
    }

    private void delete() throws Exception {
        wire.delete(headers);
        count(Event.DELETED_A_SESSION);
    }

    /** The SDK keeps for ever what nobody deletes. Deleted now, it must take with it all that we keep for it. */
    @Override
    void disconnect() throws Exception {
        delete();
        for (String session : abandoned) {
            wire.delete(Map.of("Mcp-Session-Id", session, "MCP-Protocol-Version", VERSION));
        }
    }
}
