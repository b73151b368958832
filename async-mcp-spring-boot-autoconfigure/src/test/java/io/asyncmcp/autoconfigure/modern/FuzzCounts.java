package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorStatistics;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.modern.ModernFace;
import io.asyncmcp.server.modern.PlainWork;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.Collectors;
import org.springframework.test.util.ReflectionTestUtils;

/** What a server has in hand, by name. */
record FuzzCounts(Map<String, Long> counts) {

    private static final String POOLS = "threads of pools";

    /** Timers, and those that look after what is over, which never have nothing to do for long. */
    private static final String KEPT = "threads that are kept";

    private static final List<String> KEPT_NAMES =
            List.of("async-mcp-timer-", "async-mcp-protocol-", "async-mcp-timeout-");

    static FuzzCounts of(TestServer server, FuzzClient client) {
        Map<String, Long> counts = new LinkedHashMap<>();
        List<String> threads = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("async-mcp-"))
                .toList();
        long kept = threads.stream()
                .filter(name -> KEPT_NAMES.stream().anyMatch(name::startsWith))
                .count();
        counts.put(KEPT, kept);
        counts.put(POOLS, threads.size() - kept);
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
        counts.put("sessions", (long) sessions(server));
        counts.put("open streams", (long) client.open());
        return new FuzzCounts(counts);
    }

    private static int sessions(TestServer server) {
        Object transport =
                ReflectionTestUtils.getField(server.bean(McpStreamableServerTransportProvider.class), "provider");
        return ((Map<?, ?>) ReflectionTestUtils.getField(transport, "sessions")).size();
    }

    /** With the threads of pools that there were before. The others are made at their first use. */
    FuzzCounts withPoolsOf(FuzzCounts fresh) {
        Map<String, Long> now = new LinkedHashMap<>(counts);
        now.put(POOLS, fresh.counts.get(POOLS));
        return new FuzzCounts(now);
    }

    boolean hasNothingToDo() {
        return counts.entrySet().stream()
                .allMatch(entry -> entry.getValue() == 0 || List.of(KEPT, POOLS).contains(entry.getKey()));
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
