package io.asyncmcp.benchmarks.http;

import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that come back to an operation that has ended, beside a plain tool that does nothing on a server without the starter, and
 * beside a peer's.
 */
public final class PollsRun implements BenchmarkRun {

    private static final int CLIENTS = 16;

    private static final int FEW = 2;

    private static final double THROUGHPUT = 1.1;

    /** Slower than a client of 2026-07-28 is made to wait before it gets a task. */
    private static final String SLOW = "{\"millis\":100}";

    private final String stack = System.getProperty("web.stack", "webmvc");

    @Override
    public List<Comparison> run(int number, boolean quick) throws Exception {
        List<Comparison> comparisons = new ArrayList<>();
        double polls;
        try (Server server =
                        Server.start(stack, "--async.mcp.tasks.inline-wait=0s", "--async.mcp.retention-period=1h");
                Server bare = Server.startWithoutStarter(stack)) {
            measure(server, bare, FEW, number, Load.Turns.toWarmUp(quick));
            List<Load.Result> results = measure(server, bare, CLIENTS, number, Load.Turns.of(quick));
            double plain = results.get(0).throughput();
            polls = results.get(2).throughput();
            comparisons.add(new Comparison(
                    "`continue_operation` on an ended operation, " + stack + ", " + CLIENTS + " connections",
                    "calls/s",
                    results.get(1).throughput(),
                    plain,
                    Target.ratioAtLeast(THROUGHPUT)));
            comparisons.add(new Comparison(
                    "`tasks/get` on an ended operation", "calls/s", polls, plain, Target.ratioAtLeast(THROUGHPUT)));
            comparisons.add(new Comparison(
                    "`tasks/get` of 2026-07-28 on an ended operation",
                    "calls/s",
                    results.get(3).throughput(),
                    plain,
                    Target.ratioAtLeast(THROUGHPUT)));
            double plainMicros = results.get(0).serverMicros();
            comparisons.add(new Comparison(
                    "`continue_operation`: processor time of the server for a call",
                    "us",
                    results.get(1).serverMicros(),
                    plainMicros,
                    Target.NONE));
            comparisons.add(new Comparison(
                    "`tasks/get`: processor time of the server for a call",
                    "us",
                    results.get(2).serverMicros(),
                    plainMicros,
                    Target.NONE));
            comparisons.add(new Comparison(
                    "`tasks/get` of 2026-07-28: processor time of the server for a call",
                    "us",
                    results.get(3).serverMicros(),
                    plainMicros,
                    Target.NONE));
        }
        try (Server peer = Server.startPeer();
                Load load = new Load(peer, CLIENTS)) {
            Load.Result result = Load.runInTurns(List.of(load.of(Calls.taskState("task"))), 0, Load.Turns.of(quick))
                    .get(0);
            comparisons.add(new Comparison(
                    "our `tasks/get` beside the peer's", "calls/s", polls, result.throughput(), Target.NONE));
        }
        return comparisons;
    }

    private static List<Load.Result> measure(Server server, Server bare, int clients, int number, Load.Turns turns)
            throws Exception {
        try (Load load = new Load(server, clients);
                Load bareLoad = new Load(bare, clients)) {
            return Load.runInTurns(
                    List.of(
                            bareLoad.of(Calls.tool("plain")),
                            load.of(Calls.continueOperation("async")),
                            load.of(Calls.taskState("async")),
                            load.of(Calls.modernTaskState("sleep", SLOW))),
                    number,
                    turns);
        }
    }
}
