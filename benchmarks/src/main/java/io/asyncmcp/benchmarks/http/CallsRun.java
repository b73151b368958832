package io.asyncmcp.benchmarks.http;

import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * An asynchronous tool that does nothing beside a plain one on the same server; the plain one beside the same on a server
 * without the starter; and a peer's plain one.
 */
public final class CallsRun implements BenchmarkRun {

    private static final List<Integer> CLIENTS = List.of(1, 16, 64);

    private static final int FEW = 2;

    private static final double THROUGHPUT = 0.95;

    private static final double P99 = 1.10;

    private static final double NINETY_NINE = 99;

    private final String stack = System.getProperty("web.stack", "webmvc");

    @Override
    public List<Comparison> run(int number, boolean quick) throws Exception {
        List<Comparison> comparisons = new ArrayList<>();
        List<Double> throughputs = new ArrayList<>();
        try (Server server = Server.start(stack);
                Server bare = Server.startWithoutStarter(stack)) {
            measure(server, bare, FEW, number, Load.Turns.toWarmUp(quick));
            for (int clients : CLIENTS) {
                List<Load.Result> results = measure(server, bare, clients, number, Load.Turns.of(quick));
                Load.Result plain = results.get(0);
                Load.Result async = results.get(1);
                throughputs.add(async.throughput());
                comparisons.addAll(compare(clients, plain, async, results.get(2)));
            }
        }
        try (Server peer = Server.startPeer()) {
            for (int i = 0; i < CLIENTS.size(); i++) {
                try (Load load = new Load(peer, CLIENTS.get(i))) {
                    Load.Result result = Load.runInTurns(List.of(load.of(Calls.tool("plain"))), 0, Load.Turns.of(quick))
                            .get(0);
                    comparisons.add(new Comparison(
                            "our asynchronous no-op beside the peer's plain one" + on(CLIENTS.get(i)),
                            "calls/s",
                            throughputs.get(i),
                            result.throughput(),
                            Target.NONE));
                }
            }
        }
        return comparisons;
    }

    private static List<Load.Result> measure(Server server, Server bare, int clients, int number, Load.Turns turns)
            throws Exception {
        try (Load load = new Load(server, clients);
                Load bareLoad = new Load(bare, clients)) {
            return Load.runInTurns(
                    List.of(
                            load.of(Calls.tool("plain")),
                            load.of(Calls.tool("async")),
                            bareLoad.of(Calls.tool("plain"))),
                    number,
                    turns);
        }
    }

    private List<Comparison> compare(int clients, Load.Result plain, Load.Result async, Load.Result bare) {
        String on = on(clients);
        return List.of(
                new Comparison(
                        "asynchronous no-op on " + stack + on,
                        "calls/s",
                        async.throughput(),
                        plain.throughput(),
                        Target.ratioAtLeast(THROUGHPUT)),
                new Comparison(
                        "the same" + on + ": p99",
                        "ms",
                        async.percentile(NINETY_NINE),
                        plain.percentile(NINETY_NINE),
                        Target.ratioAtMost(P99)),
                new Comparison(
                        "the same" + on + ": processor time of the server for a call",
                        "us",
                        async.serverMicros(),
                        plain.serverMicros(),
                        Target.NONE),
                new Comparison(
                        "the plain no-op with the starter beside the same without it" + on,
                        "calls/s",
                        plain.throughput(),
                        bare.throughput(),
                        Target.NONE),
                new Comparison(
                        "the same" + on + ": processor time of the server for a plain call",
                        "us",
                        plain.serverMicros(),
                        bare.serverMicros(),
                        Target.NONE));
    }

    private static String on(int clients) {
        return ", " + clients + (clients == 1 ? " connection" : " connections");
    }
}
