package io.asyncmcp.sample.client;

import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes many calls at once and checks that each gets its own answer. */
public final class ManyWaits {

    private static final int SESSIONS = 20;

    private static final int WARM_UP_CALLS = 1000;

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private ManyWaits() {}

    /**
     * Calls {@code wait_for} on the running sample, and exits with 1 if an answer is lost or mixed up.
     *
     * @param args how many calls, how many seconds each at least, and the server's address; 1000, 20 and {@code
     *     http://localhost:8080} by default
     */
    public static void main(String[] args) {
        ClientLogging.onlyWarnings();
        int calls = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 20;
        String url = args.length > 2 ? args[2] : "http://localhost:8080";
        Timeline timeline = new Timeline(System.out);
        try {
            System.exit(run(url, calls, seconds, timeline) ? 0 : 1);
        } catch (RuntimeException e) {
            timeline.say("FAILED: %s", Failure.describe(e, url));
            System.exit(1);
        }
    }

    private static boolean run(String url, int calls, double seconds, Timeline timeline) {
        List<McpAsyncClient> clients = connect(url);
        warmUp(clients, timeline);
        timeline.say("%d sessions make %d calls of %.1f s and more, all at once", SESSIONS, calls, seconds);
        Tally tally = new Tally(calls, timeline);
        Flux.range(0, calls)
                .flatMap(number -> new WaitCall(clients.get(number % SESSIONS), number, seconds, tally).run(), calls)
                .then()
                .timeout(PATIENCE, Mono.fromRunnable(() -> timeline.say("no more patience after %s", PATIENCE)))
                .block();
        Flux.fromIterable(clients)
                .flatMap(McpAsyncClient::closeGracefully)
                .then()
                .timeout(Duration.ofSeconds(10), Mono.empty())
                .block();
        return tally.print();
    }

    /** Two cold virtual machines on one small computer would be measured instead of the server. */
    private static void warmUp(List<McpAsyncClient> clients, Timeline timeline) {
        timeline.say("%d quick calls to warm up", WARM_UP_CALLS);
        CallToolRequest quick = CallToolRequest.builder("wait_for")
                .arguments(Map.of("seconds", 0))
                .build();
        Flux.range(0, WARM_UP_CALLS)
                .flatMap(number -> clients.get(number % SESSIONS).callTool(quick), SESSIONS)
                .then()
                .block(PATIENCE);
    }

    private static List<McpAsyncClient> connect(String url) {
        List<McpAsyncClient> clients = Stream.generate(() -> McpClient.async(
                                HttpClientStreamableHttpTransport.builder(url).build())
                        .build())
                .limit(SESSIONS)
                .toList();
        Flux.fromIterable(clients).flatMap(McpAsyncClient::initialize).then().block();
        return clients;
    }
}
