package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorStatistics;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.http.Heartbeat;
import io.asyncmcp.server.modern.ModernFace;
import io.asyncmcp.server.modern.PlainWork;
import io.asyncmcp.web.StreamableHttpEndpoint;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.Collectors;
import org.springframework.test.util.ReflectionTestUtils;

/** What a server has in hand, by name. */
record FuzzCounts(Map<String, Long> counts) {

    /** Those with nothing to do wait for half a minute before they go. */
    private static final String BUSY = "busy threads of pools";

    /** Timers, which are made once. */
    private static final String KEPT = "threads that are kept";

    private static final List<String> KEPT_NAMES = List.of("async-mcp-timer-", "async-mcp-protocol-");

    /** Returns the counts of a server, without the threads of those that ran before it. */
    static FuzzCounts of(TestServer server, FuzzClient client, Set<Thread> earlier) {
        Map<String, Long> counts = new LinkedHashMap<>();
        Map<Thread, StackTraceElement[]> threads = Thread.getAllStackTraces();
        threads.keySet().removeIf(thread -> !thread.getName().startsWith("async-mcp-") || earlier.contains(thread));
        counts.put(KEPT, threads.keySet().stream().filter(FuzzCounts::isKept).count());
        counts.put(
                BUSY,
                threads.entrySet().stream()
                        .filter(entry -> !isKept(entry.getKey()) && !isIdle(entry.getValue()))
                        .count());
        ExecutorStatistics now = server.bean(AsyncExecutor.class).statistics();
        counts.put("queued", (long) now.queued());
        counts.put("working", (long) now.working());
        counts.put("input required", (long) now.inputRequired());
        counts.put("abandoned", (long) now.abandoned());
        counts.put("waiting", (long) now.waiting());
        counts.put("retained", now.retained());
        counts.put("plain work", (long) server.bean(PlainWork.class).active());
        ModernFace face = server.bean(ModernFace.class);
        counts.put("subscriptions", (long) face.subscriptions());
        // Each request that is not over has its signs of life to give.
        counts.put("requests on the timer", (long)
                ((ScheduledThreadPoolExecutor) ReflectionTestUtils.getField(face, "timer"))
                        .getQueue()
                        .size());
        counts.put("requests that are looked after", (long)
                ((Map<?, ?>) ReflectionTestUtils.getField(server.bean(Heartbeat.class), "open")).size());
        counts.put("sessions", (long) sessions(server));
        counts.put("open streams", (long) client.open());
        return new FuzzCounts(counts);
    }

    private static int sessions(TestServer server) {
        return server.bean(StreamableHttpEndpoint.class).sessions();
    }

    private static boolean isKept(Thread thread) {
        return KEPT_NAMES.stream().anyMatch(thread.getName()::startsWith);
    }

    private static boolean isIdle(StackTraceElement[] stack) {
        return Arrays.stream(stack).anyMatch(frame -> frame.getMethodName().equals("getTask"));
    }

    boolean hasNothingToDo() {
        return counts.entrySet().stream()
                .allMatch(entry -> entry.getValue() == 0 || entry.getKey().equals(KEPT));
    }

    boolean isAtMost(FuzzCounts before) {
        return counts.entrySet().stream().allMatch(entry -> entry.getValue() <= before.counts.get(entry.getKey()));
    }

    String table(FuzzCounts after) {
        return counts.entrySet().stream()
                .map(entry ->
                        "  %-28s %6d %6d".formatted(entry.getKey(), entry.getValue(), after.counts.get(entry.getKey())))
                .collect(Collectors.joining("\n"));
    }
}
