package io.asyncmcp.benchmarks.http;

import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the processor does for a server that nobody calls, beside the same server without the starter. */
public final class IdleRun implements BenchmarkRun {

    /** The first clean-up, a minute after the start, loads and links what it needs, once. */
    private static final Duration SETTLE = Duration.ofSeconds(70);

    private static final Duration IDLE = Duration.ofMinutes(1);

    private static final Duration QUICK = Duration.ofSeconds(1);

    private final String stack = System.getProperty("web.stack", "webmvc");

    @Override
    public List<Comparison> run(int number, boolean quick) throws IOException, InterruptedException {
        double baseline = 0;
        double starter = 0;
        for (int side = 0; side < 2; side++) {
            if ((side + number) % 2 == 0) {
                baseline = measure(false, quick);
            } else {
                starter = measure(true, quick);
            }
        }
        return List.of(new Comparison(
                "idle for " + (quick ? QUICK : IDLE).toSeconds() + " s on " + stack + ": processor time",
                "ms",
                starter,
                baseline,
                Target.WITHIN_SPREAD));
    }

    private double measure(boolean withStarter, boolean quick) throws IOException, InterruptedException {
        try (Server server = withStarter ? Server.start(stack) : Server.startWithoutStarter(stack)) {
            TimeUnit.NANOSECONDS.sleep((quick ? QUICK : SETTLE).toNanos());
            Duration before = server.cpu();
            TimeUnit.NANOSECONDS.sleep((quick ? QUICK : IDLE).toNanos());
            return server.cpu().minus(before).toNanos() / 1e6;
        }
    }
}
