package io.asyncmcp.sample.client;

import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/** One call of {@code wait_for}, from the first try to its own answer. */
final class WaitCall {

    private static final double WAIT_SECONDS = 15;

    private static final int TRIES_TO_CONTINUE = 3;

    private final McpAsyncClient client;

    private final Tally tally;

    private final String label;

    private final double seconds;

    WaitCall(McpAsyncClient client, int number, double seconds, Tally tally) {
        this.client = client;
        this.tally = tally;
        this.label = "wait-" + number;
        // No two calls of one session wait equally long: an answer that goes astray is told by its time too.
        this.seconds = seconds + number / 1000.0;
    }

    /** Runs until there is an answer or no hope of one; never fails. */
    Mono<Void> run() {
        return start().doOnNext(this::check)
                .doOnError(error -> tally.lost(label, String.valueOf(error.getMessage())))
                .onErrorComplete()
                .then();
    }

    private Mono<Answer> start() {
        return call("wait_for", Map.of("seconds", seconds, "label", label)).flatMap(answer -> {
            if (answer.isBusy()) {
                tally.busy();
                return Mono.delay(millis(answer.number("retry_after_seconds", 1)))
                        .then(Mono.defer(this::start));
            }
            if (answer.isProcessing()) {
                return follow(answer.operationId());
            }
            tally.inline();
            return Mono.just(answer);
        });
    }

    private Mono<Answer> follow(String operationId) {
        tally.handle();
        return comeBack(operationId);
    }

    private Mono<Answer> comeBack(String operationId) {
        return Mono.defer(() ->
                        call("continue_operation", Map.of("operation_id", operationId, "wait_time", WAIT_SECONDS)))
                .doOnError(TimeoutException.class, error -> tally.timeout())
                .retry(TRIES_TO_CONTINUE - 1)
                .flatMap(answer -> answer.isProcessing() ? comeBack(operationId) : Mono.just(answer));
    }

    private Mono<Answer> call(String tool, Map<String, Object> arguments) {
        return client.callTool(
                        CallToolRequest.builder(tool).arguments(arguments).build())
                .map(Answer::new);
    }

    private void check(Answer answer) {
        if (answer.isError()) {
            tally.lost(label, answer.text());
        } else if (answer.text().equals(label + ": Waited for " + seconds + " seconds.")
                || answer.text().equals(label + ": Waited for " + (long) seconds + " seconds.")) {
            tally.right();
        } else {
            tally.mixedUp(label, answer.text());
        }
    }

    private static Duration millis(double seconds) {
        return Duration.ofMillis(Math.max(100, Math.round(seconds * 1000)));
    }
}
