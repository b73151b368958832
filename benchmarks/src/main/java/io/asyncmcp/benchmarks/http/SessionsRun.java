package io.asyncmcp.benchmarks.http;

import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What sessions take up in which nothing goes on, and what is left of them once they have ended. */
public final class SessionsRun implements BenchmarkRun {

    private static final int SESSIONS = 5_000;

    private static final int QUICK_SESSIONS = 200;

    private static final double MEGABYTE = 1024 * 1024;

    private static final double LEFT_MEGABYTES = 1;

    /** What the first of them loads is there for good. */
    private static final int WARM_UP = 200;

    private final String stack = System.getProperty("web.stack", "webmvc");

    private record Seen(double bytes, double leftMegabytes) {}

    @Override
    public List<Comparison> run(int number, boolean quick) throws IOException, InterruptedException {
        int count = quick ? QUICK_SESSIONS : SESSIONS;
        Seen baseline;
        Seen starter;
        try (Server server = Server.startWithoutStarter(stack)) {
            baseline = measure(server, count);
        }
        try (Server server = Server.start(stack, "--async.mcp.http.max-sessions=0")) {
            starter = measure(server, count);
        }
        return List.of(
                new Comparison(
                        count + " idle sessions on " + stack + ": heap for each",
                        "B",
                        starter.bytes(),
                        baseline.bytes(),
                        Target.NONE),
                new Comparison(
                        "the same: heap once they have ended",
                        "MB",
                        starter.leftMegabytes(),
                        baseline.leftMegabytes(),
                        Target.excessAtMost(LEFT_MEGABYTES)));
    }

    private static Seen measure(Server server, int count) throws IOException, InterruptedException {
        end(open(server, WARM_UP), server);
        long before = server.resource("heap");
        List<String> sessions = open(server, count);
        long during = server.resource("heap");
        end(sessions, server);
        long after = server.resource("heap");
        return new Seen((double) (during - before) / count, (after - before) / MEGABYTE);
    }

    private static List<String> open(Server server, int count) throws IOException {
        List<String> sessions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            try (McpConnection client = new McpConnection(server.port())) {
                sessions.add(client.session());
            }
        }
        return sessions;
    }

    private static void end(List<String> sessions, Server server) throws IOException {
        try (McpConnection client = new McpConnection(server.port())) {
            String own = client.session();
            for (String session : sessions) {
                client.end(session);
            }
            client.end(own);
        }
    }
}
