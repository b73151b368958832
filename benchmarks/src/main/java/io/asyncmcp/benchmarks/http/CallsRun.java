package io.asyncmcp.benchmarks.http;

import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Target;
import java.util.ArrayList;
import java.util.List;

/** An asynchronous tool that does nothing beside a plain one on the same server, and beside a peer's plain one. */
public final class CallsRun implements BenchmarkRun {

    private static final List<Integer> CLIENTS = List.of(1, 16, 64);

    private static final double THROUGHPUT = 0.95;

    private static final double P99 = 1.10;

    private static final double NINETY_NINE = 99;

    private final String stack = System.getProperty("web.stack", "webmvc");

    @Override
    public List<Comparison> run(int number, boolean quick) throws Exception {
        List<Comparison> comparisons = new ArrayList<>();
        List<Double> throughputs = new ArrayList<>();
        Load.Turns turns = Load.Turns.of(quick);
        try (Server server = Server.start(stack)) {
            for (int clients : CLIENTS) {
                try (Load load = new Load(server.port(), clients)) {
                    List<Load.Result> results =
                            load.runInTurns(List.of(Calls.tool("plain"), Calls.tool("async")), number, turns);
                    Load.Result plain = results.get(0);
                    Load.Result async = results.get(1);
                    String on = ", " + clients + (clients == 1 ? " connection" : " connections");
                    throughputs.add(async.throughput());
                    comparisons.add(new Comparison(
                            "asynchronous no-op on " + stack + on,
                            "calls/s",
                            async.throughput(),
                            plain.throughput(),
                            Target.ratioAtLeast(THROUGHPUT)));
                    comparisons.add(new Comparison(
                            "the same" + on + ": p99",
                            "ms",
                            async.percentile(NINETY_NINE),
                            plain.percentile(NINETY_NINE),
                            Target.ratioAtMost(P99)));
                }
            }
        }
        try (Server peer = Server.startPeer()) {
            for (int i = 0; i < CLIENTS.size(); i++) {
                try (Load load = new Load(peer.port(), CLIENTS.get(i))) {
                    Load.Result result = load.runInTurns(List.of(Calls.tool("plain")), 0, turns)
                            .get(0);
                    comparisons.add(new Comparison(
                            "our asynchronous no-op beside the peer's plain one, " + CLIENTS.get(i) + " connections",
                            "calls/s",
                            throughputs.get(i),
                            result.throughput(),
                            Target.NONE));
                }
            }
        }
        return comparisons;
    }
}
