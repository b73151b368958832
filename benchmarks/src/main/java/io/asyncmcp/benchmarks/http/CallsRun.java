package io.asyncmcp.benchmarks.http;

import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Target;
import java.util.ArrayList;
import java.util.List;

/** A plain tool that does nothing, and an asynchronous one, beside a plain one on a server without the starter and a peer's. */
public final class CallsRun implements BenchmarkRun {

    private static final List<Integer> CLIENTS = List.of(1, 16, 64);

    private static final int FEW = 2;

    private static final double PLAIN_THROUGHPUT = 1.2;

    private static final double PLAIN_PROCESSOR = 0.85;

    private static final double ASYNC_THROUGHPUT = 1.0;

    private static final double ASYNC_THROUGHPUT_ALONE = 0.9;

    private static final double P99_ALONE = 1.15;

    private static final double NINETY_NINE = 99;

    private final String stack = System.getProperty("web.stack", "webmvc");

    @Override
    public List<Comparison> run(int number, boolean quick) throws Exception {
        List<Comparison> comparisons = new ArrayList<>();
        List<Double> throughputs = new ArrayList<>();
        try (Server server = Server.start(stack);
                Server bare = Server.startWithoutStarter(stack);
                Server stateless = Server.startStatelessWithoutStarter(stack)) {
            measure(server, bare, stateless, FEW, number, Load.Turns.toWarmUp(quick));
            for (int clients : CLIENTS) {
                List<Load.Result> results = measure(server, bare, stateless, clients, number, Load.Turns.of(quick));
                Load.Result plain = results.get(0);
                Load.Result async = results.get(1);
                throughputs.add(async.throughput());
                comparisons.addAll(compare(clients, plain, async, results.get(2)));
                comparisons.add(limit(clients, plain, results.get(3)));
            }
            comparisons.add(handedOver(bare, number, quick));
        }
        try (Server peer = Server.startPeer()) {
            comparisons.addAll(besides("our asynchronous no-op beside the peer's plain one", peer, throughputs, quick));
        }
        try (Server fastMcp = Server.startFastMcp()) {
            comparisons.addAll(
                    besides("our asynchronous no-op beside FastMCP's plain one", fastMcp, throughputs, quick));
        }
        return comparisons;
    }

    private static List<Comparison> besides(String what, Server peer, List<Double> ours, boolean quick)
            throws Exception {
        List<Comparison> comparisons = new ArrayList<>();
        for (int i = 0; i < CLIENTS.size(); i++) {
            try (Load load = new Load(peer, CLIENTS.get(i))) {
                Load.Result result = Load.runInTurns(List.of(load.of(Calls.tool("plain"))), 0, Load.Turns.of(quick))
                        .get(0);
                comparisons.add(new Comparison(
                        what + on(CLIENTS.get(i)), "calls/s", ours.get(i), result.throughput(), Target.NONE));
            }
        }
        return comparisons;
    }

    private static List<Load.Result> measure(
            Server server, Server bare, Server stateless, int clients, int number, Load.Turns turns) throws Exception {
        try (Load load = new Load(server, clients);
                Load bareLoad = new Load(bare, clients);
                Load statelessLoad = new Load(stateless, clients)) {
            return Load.runInTurns(
                    List.of(
                            load.of(Calls.tool("plain")),
                            load.of(Calls.tool("async")),
                            bareLoad.of(Calls.tool("plain")),
                            statelessLoad.of(Calls.tool("plain"))),
                    number,
                    turns);
        }
    }

    /** JSON objects instead of streams are the limit of what runs on the SDK's handlers. */
    private Comparison limit(int clients, Load.Result plain, Load.Result stateless) {
        return new Comparison(
                "plain no-op with the starter beside Spring AI's STATELESS without it" + on(clients),
                "calls/s",
                plain.throughput(),
                stateless.throughput(),
                Target.NONE);
    }

    /** What it costs at least to let go of the request's thread, which an asynchronous tool does and a plain one does not. */
    private static Comparison handedOver(Server bare, int number, boolean quick) throws Exception {
        try (Load load = new Load(bare, 1)) {
            List<Load.Series> both = List.of(load.of(Calls.bare("/handed-over")), load.of(Calls.bare("/now")));
            Load.runInTurns(both, number, Load.Turns.of(quick));
            List<Load.Result> results = Load.runInTurns(both, number, Load.Turns.of(quick));
            return new Comparison(
                    "with Spring alone: a request that a virtual thread answers beside one that its own answers"
                            + on(1),
                    "calls/s",
                    results.get(0).throughput(),
                    results.get(1).throughput(),
                    Target.NONE);
        }
    }

    private List<Comparison> compare(int clients, Load.Result plain, Load.Result async, Load.Result bare) {
        String on = on(clients);
        return List.of(
                new Comparison(
                        "plain no-op with the starter on " + stack + on,
                        "calls/s",
                        plain.throughput(),
                        bare.throughput(),
                        Target.ratioAtLeast(PLAIN_THROUGHPUT)),
                new Comparison(
                        "the same" + on + ": processor time of the server for a call",
                        "us",
                        plain.serverMicros(),
                        bare.serverMicros(),
                        Target.ratioAtMost(PLAIN_PROCESSOR)),
                new Comparison(
                        "asynchronous no-op" + on,
                        "calls/s",
                        async.throughput(),
                        bare.throughput(),
                        Target.ratioAtLeast(clients == 1 ? ASYNC_THROUGHPUT_ALONE : ASYNC_THROUGHPUT)),
                new Comparison(
                        "the same" + on + ", beside the plain one with the starter",
                        "calls/s",
                        async.throughput(),
                        plain.throughput(),
                        Target.NONE),
                new Comparison(
                        "the same" + on + ": p99",
                        "ms",
                        async.percentile(NINETY_NINE),
                        bare.percentile(NINETY_NINE),
                        clients == 1 ? Target.ratioAtMost(P99_ALONE) : Target.NONE),
                new Comparison(
                        "the same" + on + ": processor time of the server for a call",
                        "us",
                        async.serverMicros(),
                        bare.serverMicros(),
                        Target.NONE));
    }

    private static String on(int clients) {
        return ", " + clients + (clients == 1 ? " connection" : " connections");
    }
}
