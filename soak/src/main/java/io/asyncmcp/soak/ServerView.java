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
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads the server's endpoint. */
final class ServerView {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A lifetime, a retention and some rounds of the clean-up, and much more than that for a machine that is busy. */
    private static final Duration QUIET_LIMIT = Duration.ofSeconds(40);

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

    Meters meters() {
        return new Meters(read("meters", new TypeReference<>() {}));
    }

    /** Takes the ledger, which is empty then. */
    Map<String, List<String>> ledger() {
        return read("ledger", new TypeReference<>() {});
    }

    Snapshot snapshot() {
        Snapshot.Memory memory = read("memory", new TypeReference<>() {});
        return new Snapshot(meters(), memory);
    }

    /** Waits until all gauges are zero. If they never are, {@link Residue} says so. */
    void awaitQuiet() {
        try {
            Awaitility.await()
                    .atMost(QUIET_LIMIT)
                    .pollInterval(Duration.ofMillis(250))
                    .until(() -> meters().gauges().values().stream().allMatch(value -> value == 0));
        } catch (ConditionTimeoutException e) {
            System.out.println("it does not become quiet");
        }
    }
}
