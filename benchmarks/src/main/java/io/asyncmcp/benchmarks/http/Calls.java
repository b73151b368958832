package io.asyncmcp.benchmarks.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What clients ask for. */
final class Calls {

    private static final Pattern TASK_ID = Pattern.compile("\"taskId\"\\s*:\\s*\"([^\"]+)\"");

    private Calls() {}

    /** A tool that does nothing and says "done". */
    static Load.Call tool(String name) {
        return connection -> McpConnection.expect(connection.callTool(name, "{}"), "done");
    }

    /** A request that Spring answers, without MCP. */
    static Load.Call bare(String path) {
        return connection -> McpConnection.expect(connection.get(path), "done");
    }

    /** The state of a task of the client's own that has ended. */
    static Load.Call taskState(String tool) {
        return ofEndedTask(tool, (connection, id) -> McpConnection.expect(state(connection, id), "completed"));
    }

    /** The same by protocol 2026-07-28. The tool must be slow enough to be a task. */
    static Load.Call modernTaskState(String tool, String arguments) {
        return ofEnded(
                connection -> endedModernTask(connection, tool, arguments),
                (connection, id) -> McpConnection.expect(modernState(connection, id), "completed"));
    }

    private static String state(McpConnection connection, String id) {
        return connection.request("tasks/get", "{\"taskId\":\"" + id + "\"}");
    }

    private static String modernState(McpConnection connection, String id) {
        return connection.modernRequest("tasks/get", id, "\"taskId\":\"" + id + "\"");
    }

    private static String endedModernTask(McpConnection connection, String tool, String arguments) {
        String id = McpConnection.find(
                TASK_ID,
                connection.modernRequest("tools/call", tool, "\"name\":\"" + tool + "\",\"arguments\":" + arguments));
        awaitEnd(() -> modernState(connection, id));
        return id;
    }

    private static void awaitEnd(Supplier<String> state) {
        while (!state.get().contains("completed")) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /** The result of an operation of the client's own that has ended. */
    static Load.Call continueOperation(String tool) {
        return ofEndedTask(
                tool,
                (connection, id) -> McpConnection.expect(
                        connection.callTool("continue_operation", "{\"operation_id\":\"" + id + "\"}"), "done"));
    }

    private static Load.Call ofEndedTask(String tool, BiConsumer<McpConnection, String> call) {
        return ofEnded(connection -> endedTask(connection, tool), call);
    }

    private static Load.Call ofEnded(Function<McpConnection, String> start, BiConsumer<McpConnection, String> call) {
        Map<McpConnection, String> ids = new ConcurrentHashMap<>();
        return connection -> call.accept(connection, ids.computeIfAbsent(connection, start));
    }

    /** Starts a task, waits until it has ended, and returns its id. */
    private static String endedTask(McpConnection connection, String tool) {
        String id = McpConnection.find(
                TASK_ID,
                connection.request(
                        "tools/call", "{\"name\":\"" + tool + "\",\"arguments\":{},\"task\":{\"ttl\":3000000}}"));
        awaitEnd(() -> state(connection, id));
        return id;
    }
}
