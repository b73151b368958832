package io.asyncmcp.soak.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A request that is under way: its response comes as one JSON object, or as the last event of a stream. Thread-safe. */
final class Exchange {

    private final CompletableFuture<HttpHeaders> headers = new CompletableFuture<>();

    private final CompletableFuture<JsonNode> response = new CompletableFuture<>();

    private final Consumer<JsonNode> others;

    private volatile CompletableFuture<?> connection = response;

    Exchange(Consumer<JsonNode> others) {
        this.others = others;
    }

    void begin(HttpClient http, HttpRequest request) {
        CompletableFuture<?> begun = http.sendAsync(request, info -> {
            headers.complete(info.headers());
            return BodyHandlers.fromLineSubscriber(new Lines()).apply(info);
        });
        connection = begun;
        begun.whenComplete((done, error) -> {
            if (error != null) {
                response.completeExceptionally(error);
            }
        });
    }

    JsonNode await() throws InterruptedException, TimeoutException, IOException {
        try {
            return response.get(SoakClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("no response: " + reasons(e.getCause()), e.getCause());
        }
    }

    private static String reasons(@Nullable Throwable error) {
        StringBuilder reasons = new StringBuilder();
        for (Throwable each = error; each != null; each = each.getCause()) {
            reasons.append(reasons.isEmpty() ? "" : ", caused by ").append(each);
        }
        return reasons.toString();
    }

    /** The result; what is an error instead was not expected. */
    JsonNode result() throws InterruptedException, TimeoutException, IOException {
        JsonNode message = await();
        if (!message.has("result")) {
            throw new Unexpected("an error", message);
        }
        return message.path("result");
    }

    /** A header of the response, once that is there. */
    String header(String name) {
        return headers.join()
                .firstValue(name)
                .orElseThrow(
                        () -> new Unexpected("no header " + name, headers.join().map()));
    }

    /** Closes the connection, as a process that dies does. */
    void vanish() {
        connection.cancel(true);
    }

    private final class Lines implements Flow.Subscriber<String> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            String json = line.startsWith("data:") ? line.substring("data:".length()) : line;
            if (json.startsWith("{")) {
                JsonNode message = Wire.JSON.readTree(json);
                if (message.has("method")) {
                    others.accept(message);
                } else {
                    response.complete(message);
                }
            }
        }

        @Override
        public void onError(Throwable e) {
            response.completeExceptionally(e);
        }

        @Override
        public void onComplete() {
            response.completeExceptionally(new IOException("the response ended without a message"));
        }
    }
}
