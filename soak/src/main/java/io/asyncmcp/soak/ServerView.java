package io.asyncmcp.soak;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads the server's endpoint. */
final class ServerView {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A lifetime, a retention and some rounds of the clean-up, and much more than that for a machine that is busy. */
    private static final Duration QUIET_LIMIT = Duration.ofSeconds(40);

    /** All of them are zero when nobody wants anything and nothing is kept. */
    private static final List<String> GAUGES = List.of(
            "async.mcp.operations.active{",
            "async.mcp.operations.retained{",
            "async.mcp.waiting{",
            "async.mcp.results.size{",
            "async.mcp.protocol.plain.active{",
            "async.mcp.protocol.subscriptions{");

    private final HttpClient http = HttpClient.newHttpClient();

    private final String url;

    ServerView(String url) {
        this.url = url;
    }

    private <T> T read(String what, TypeReference<T> type) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/actuator/soak/" + what))
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("the server answers " + response.statusCode() + " to " + what);
            }
            return JSON.readValue(response.body(), type);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the server does not answer", e);
        }
    }

    Map<String, Double> meters() {
        return read("meters", new TypeReference<>() {});
    }

    /** Takes the ledger, which is empty then. */
    Map<String, List<String>> ledger() {
        return read("ledger", new TypeReference<>() {});
    }

    Snapshot snapshot() {
        // The memory first: what this costs is over when the meters are read.
        Snapshot.Memory memory = read("memory", new TypeReference<>() {});
        return new Snapshot(meters(), memory);
    }

    /** Waits until all gauges are zero. If some never are, the audit says so. */
    void awaitQuiet() {
        try {
            Awaitility.await()
                    .atMost(QUIET_LIMIT)
                    .pollInterval(Duration.ofMillis(250))
                    .until(() -> gauges(meters()).values().stream().allMatch(value -> value == 0));
        } catch (ConditionTimeoutException e) {
            System.out.println("it does not become quiet: " + gauges(meters()));
        }
    }

    static Map<String, Double> gauges(Map<String, Double> meters) {
        return meters.entrySet().stream()
                .filter(meter -> GAUGES.stream().anyMatch(meter.getKey()::startsWith))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
