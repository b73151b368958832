package io.asyncmcp.benchmarks.http;

import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Target;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What it costs to start a server and answer its first client, beside the same server without the starter. */
public final class StartRun implements BenchmarkRun {

    private static final double MEGABYTE = 1024 * 1024;

    private static final double MOST = 1.08;

    /** The compilers are done with what the start left them. */
    private static final int SETTLE_SECONDS = 5;

    /** A start that is noisier than what is looked for: each side starts so many times. */
    private static final int STARTS = 3;

    private final String stack = System.getProperty("web.stack", "webmvc");

    private record Cost(double cpuMillis, double megabytes) {

        Cost plus(Cost other) {
            return new Cost(cpuMillis + other.cpuMillis, megabytes + other.megabytes);
        }
    }

    @Override
    public List<Comparison> run(int number, boolean quick) throws IOException, InterruptedException {
        Cost baseline = new Cost(0, 0);
        Cost starter = new Cost(0, 0);
        int starts = quick ? 1 : STARTS;
        for (int start = 0; start < 2 * starts; start++) {
            if ((start + number) % 2 == 0) {
                baseline = baseline.plus(measure(false));
            } else {
                starter = starter.plus(measure(true));
            }
        }
        return List.of(
                new Comparison(
                        "start on " + stack + ": processor time",
                        "ms",
                        starter.cpuMillis() / starts,
                        baseline.cpuMillis() / starts,
                        Target.ratioAtMost(MOST)),
                new Comparison(
                        "the same: resident memory",
                        "MB",
                        starter.megabytes() / starts,
                        baseline.megabytes() / starts,
                        Target.ratioAtMost(MOST)));
    }

    private Cost measure(boolean withStarter) throws IOException, InterruptedException {
        try (Server server = withStarter ? Server.start(stack) : Server.startWithoutStarter(stack);
                McpConnection client = new McpConnection(server.port())) {
            McpConnection.expect(client.request("tools/list", "{}"), "plain");
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            return new Cost(server.cpu().toNanos() / 1e6, server.residentBytes() / MEGABYTE);
        }
    }
}
