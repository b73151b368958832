package io.asyncmcp.benchmarks;

import io.asyncmcp.benchmarks.core.ExecuteRun;
import io.asyncmcp.benchmarks.core.ExpiryRun;
import io.asyncmcp.benchmarks.core.ParkedRun;
import io.asyncmcp.benchmarks.core.WaitersRun;
import io.asyncmcp.benchmarks.http.CallsRun;
import io.asyncmcp.benchmarks.http.IdleRun;
import io.asyncmcp.benchmarks.http.LagRun;
import io.asyncmcp.benchmarks.http.PollsRun;
import io.asyncmcp.benchmarks.http.SessionsRun;
import io.asyncmcp.benchmarks.http.StartRun;
import io.asyncmcp.benchmarks.http.WaitingRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Runs one benchmark, several times, and prints a table. */
public final class Benchmarks {

    private static final Map<String, Supplier<BenchmarkRun>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("execute", ExecuteRun::new);
        ALL.put("parked", ParkedRun::new);
        ALL.put("waiters", WaitersRun::new);
        ALL.put("expiry", ExpiryRun::new);
        ALL.put("calls", CallsRun::new);
        ALL.put("polls", PollsRun::new);
        ALL.put("lag", LagRun::new);
        ALL.put("waiting", WaitingRun::new);
        ALL.put("sessions", SessionsRun::new);
        ALL.put("idle", IdleRun::new);
        ALL.put("start", StartRun::new);
    }

    private Benchmarks() {}

    /**
     * Runs it.
     *
     * @param arguments the benchmark, how many runs, and {@code quick} for a look that it works
     */
    public static void main(String[] arguments) throws Exception {
        String name = arguments.length > 0 ? arguments[0] : "";
        Supplier<BenchmarkRun> made = ALL.get(name);
        if (made == null) {
            System.err.println("benchmark must be one of " + String.join(", ", ALL.keySet()) + ", but was " + name);
            System.exit(2);
            return;
        }
        int runs = Integer.parseInt(arguments[1]);
        boolean quick = List.of(arguments).contains("quick");
        BenchmarkRun benchmark = made.get();
        Report report = new Report();
        for (int run = 0; run < runs; run++) {
            List<Comparison> comparisons = benchmark.run(run, quick);
            report.add(comparisons);
            System.out.println("run " + (run + 1) + " of " + runs + " of " + name);
            for (Comparison each : comparisons) {
                System.out.println("  " + each.what() + ": " + Numbers.text(each.value()) + " " + each.unit()
                        + ", baseline " + Numbers.text(each.baseline()) + ": " + Numbers.text(each.score()));
            }
        }
        String rows = report.rows();
        Path results = Path.of("target", "results");
        Files.createDirectories(results);
        String stack = System.getProperty("web.stack", "webmvc");
        Files.writeString(results.resolve(name + "-" + stack + (quick ? "-quick" : "") + ".md"), rows);
        System.out.println();
        System.out.println("JDK " + Runtime.version() + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, medians of " + runs + " runs\n");
        System.out.println(Report.header() + rows);
        System.exit(0);
    }
}
