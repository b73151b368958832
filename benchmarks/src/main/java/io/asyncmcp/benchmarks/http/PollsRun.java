package io.asyncmcp.benchmarks.http;

import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Target;
import java.util.ArrayList;
import java.util.List;

/** Clients that come back to an operation that has ended, beside a plain tool that does nothing, and beside a peer's. */
public final class PollsRun implements BenchmarkRun {

    private static final int CLIENTS = 16;

    private static final int FEW = 2;

    private static final double THROUGHPUT = 0.9;

    private final String stack = System.getProperty("web.stack", "webmvc");

    @Override
    public List<Comparison> run(int number, boolean quick) throws Exception {
        List<Comparison> comparisons = new ArrayList<>();
        double polls;
        try (Server server = Server.start(stack)) {
            measure(server, FEW, number, Load.Turns.toWarmUp(quick));
            List<Load.Result> results = measure(server, CLIENTS, number, Load.Turns.of(quick));
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

    private static List<Load.Result> measure(Server server, int clients, int number, Load.Turns turns)
            throws Exception {
        try (Load load = new Load(server, clients)) {
            return Load.runInTurns(
                    List.of(
                            load.of(Calls.tool("plain")),
                            load.of(Calls.continueOperation("async")),
                            load.of(Calls.taskState("async"))),
                    number,
                    turns);
        }
    }
}
