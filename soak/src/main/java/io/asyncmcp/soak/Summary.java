package io.asyncmcp.soak;

import io.asyncmcp.soak.client.Event;
import io.asyncmcp.soak.client.Face;
import io.asyncmcp.soak.client.Tally;
import io.asyncmcp.soak.client.Tool;
import java.util.Map;

/** Prints the numbers of a run. */
final class Summary {

    private Summary() {}

    static void print(Tally tally, Snapshot before, Snapshot after) {
        System.out.printf("%-32s %8s %8s %8s%n", "what happened to clients", "generic", "tasks", "modern");
        for (Event event : Event.values()) {
            System.out.printf(
                    "  %-30s %8d %8d %8d%n",
                    event, tally.of(Face.GENERIC, event), tally.of(Face.TASKS, event), tally.of(Face.MODERN, event));
        }
        System.out.printf(
                "%-14s %8s %9s %7s %9s %9s %7s %7s%n",
                "operations", "started", "completed", "failed", "cancelled", "promoted", "joined", "refused");
        for (Tool tool : Tool.values()) {
            if (tool.isOperation()) {
                operations(tool, after.meters());
            }
        }
        System.out.printf("%-32s %10s %10s%n", "without clients", "before", "after");
        row("heap, kB", before.memory().bytes() / 1000.0, after.memory().bytes() / 1000.0);
        row("threads", before.threads(), after.threads());
        row("open files", before.files(), after.files());
        row("instances of the library", instances(before), instances(after));
        after.memory().instances().forEach((type, count) -> {
            int was = before.memory().instances().getOrDefault(type, 0);
            if (count > was) {
                row("  " + type.replace("io.asyncmcp.", ""), was, count);
            }
        });
        Map<String, Double> gauges = ServerView.gauges(before.meters());
        ServerView.gauges(after.meters())
                .forEach((gauge, value) -> row(gauge, gauges.getOrDefault(gauge, Double.NaN), value));
    }

    private static void operations(Tool tool, Map<String, Double> meters) {
        String ofTool = "tool=" + tool + "}";
        System.out.printf(
                "  %-12s %8.0f %9.0f %7.0f %9.0f %9.0f %7.0f %7.0f%n",
                tool,
                sum(meters, "soak.started{", ofTool),
                sum(meters, "async.mcp.operations{outcome=completed", ofTool),
                sum(meters, "async.mcp.operations{outcome=failed", ofTool),
                sum(meters, "async.mcp.operations{outcome=cancelled", ofTool),
                sum(meters, "async.mcp.promotions{", ofTool),
                sum(meters, "async.mcp.joined{", ofTool),
                sum(meters, "async.mcp.rejections{", ofTool));
    }

    private static double sum(Map<String, Double> meters, String prefix, String suffix) {
        return meters.entrySet().stream()
                .filter(meter ->
                        meter.getKey().startsWith(prefix) && meter.getKey().endsWith(suffix))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static void row(String name, double before, double after) {
        System.out.printf("  %-46s %10.0f %10.0f%n", name, before, after);
    }

    private static double instances(Snapshot snapshot) {
        return snapshot.memory().instances().values().stream()
                .mapToInt(Integer::intValue)
                .sum();
    }
}
