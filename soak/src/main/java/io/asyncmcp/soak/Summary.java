package io.asyncmcp.soak;

import io.asyncmcp.soak.client.Event;
import io.asyncmcp.soak.client.Face;
import io.asyncmcp.soak.client.Tally;
import io.asyncmcp.soak.client.Tool;

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
        System.out.printf("%-48s %10s %10s%n", "without clients", "before", "after");
        row("heap, kB", before.memory().bytes() / 1000.0, after.memory().bytes() / 1000.0);
        row("threads", before.meters().threads(), after.meters().threads());
        row("open files", before.meters().files(), after.meters().files());
        row(
                "instances of the library",
                before.memory().allInstances(),
                after.memory().allInstances());
        after.memory().instances().forEach((type, count) -> {
            int was = before.memory().instances().getOrDefault(type, 0);
            if (count > was) {
                row("  " + type.replace("io.asyncmcp.", ""), was, count);
            }
        });
        after.meters()
                .gauges()
                .forEach((gauge, value) -> row(gauge, before.meters().sum(gauge), value));
    }

    private static void operations(Tool tool, Meters meters) {
        String ofTool = "tool=" + tool + "}";
        System.out.printf(
                "  %-12s %8.0f %9.0f %7.0f %9.0f %9.0f %7.0f %7.0f%n",
                tool,
                meters.sum("soak.started{", ofTool),
                meters.sum("async.mcp.operations{outcome=completed", ofTool),
                meters.sum("async.mcp.operations{outcome=failed", ofTool),
                meters.sum("async.mcp.operations{outcome=cancelled", ofTool),
                meters.sum("async.mcp.promotions{", ofTool),
                meters.sum("async.mcp.joined{", ofTool),
                meters.sum("async.mcp.rejections{", ofTool));
    }

    private static void row(String name, double before, double after) {
        System.out.printf("  %-46s %10.0f %10.0f%n", name, before, after);
    }
}
