package io.asyncmcp.benchmarks.http;

import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Target;
import java.util.ArrayList;
import java.util.List;

/** Clients that come back to an operation that has ended, beside a plain tool that does nothing, and beside a peer's. */
public final class PollsRun implements BenchmarkRun {

    private static final int CLIENTS = 16;

    private static final double THROUGHPUT = 0.9;

    private final String stack = System.getProperty("web.stack", "webmvc");

    @Override
    public List<Comparison> run(int number, boolean quick) throws Exception {
        List<Comparison> comparisons = new ArrayList<>();
        Load.Turns turns = Load.Turns.of(quick);
        double polls;
        try (Server server = Server.start(stack);
                Load load = new Load(server.port(), CLIENTS)) {
            List<Load.Result> results = load.runInTurns(
                    List.of(Calls.tool("plain"), Calls.continueOperation("async"), Calls.taskState("async")),
                    number,
                    turns);
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
        }
        try (Server peer = Server.startPeer();
                Load load = new Load(peer.port(), CLIENTS)) {
            Load.Result result =
                    load.runInTurns(List.of(Calls.taskState("task")), 0, turns).get(0);
            comparisons.add(new Comparison(
                    "our `tasks/get` beside the peer's", "calls/s", polls, result.throughput(), Target.NONE));
        }
        return comparisons;
    }
}
