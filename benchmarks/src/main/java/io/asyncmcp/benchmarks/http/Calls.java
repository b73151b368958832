package io.asyncmcp.benchmarks.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** What clients ask for. */
final class Calls {

    private static final Pattern TASK_ID = Pattern.compile("\"taskId\"\\s*:\\s*\"([^\"]+)\"");

    private Calls() {}

    /** A tool that does nothing and says "done". */
    static Load.Call tool(String name) {
        return connection -> McpConnection.expect(connection.callTool(name, "{}"), "done");
    }

    /** The state of a task of the client's own that has ended. */
    static Load.Call taskState(String tool) {
        return ofEndedTask(
                tool,
                (connection, id) -> McpConnection.expect(
                        connection.request("tasks/get", "{\"taskId\":\"" + id + "\"}"), "completed"));
    }

    /** The result of an operation of the client's own that has ended. */
    static Load.Call continueOperation(String tool) {
        return ofEndedTask(
                tool,
                (connection, id) -> McpConnection.expect(
                        connection.callTool("continue_operation", "{\"operation_id\":\"" + id + "\"}"), "done"));
    }

    private static Load.Call ofEndedTask(String tool, BiConsumer<McpConnection, String> call) {
        Map<McpConnection, String> ids = new ConcurrentHashMap<>();
        return connection -> call.accept(connection, ids.computeIfAbsent(connection, each -> endedTask(each, tool)));
    }

    /** Starts a task, waits until it has ended, and returns its id. */
    private static String endedTask(McpConnection connection, String tool) {
        String id = McpConnection.find(
                TASK_ID,
                connection.request(
                        "tools/call", "{\"name\":\"" + tool + "\",\"arguments\":{},\"task\":{\"ttl\":3000000}}"));
        while (!connection.request("tasks/get", "{\"taskId\":\"" + id + "\"}").contains("completed")) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return id;
    }
}
