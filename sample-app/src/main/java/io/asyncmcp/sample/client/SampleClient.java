package io.asyncmcp.sample.client;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** The SDK's client with its default timeouts, and a narrator. It agrees to whatever it is asked. */
final class SampleClient implements AutoCloseable {

    /** What the SDK gives up after when nothing else is set. */
    static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);

    private static final double WAIT_SECONDS = 15;

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Timeline timeline;

    private final McpSyncClient client;

    SampleClient(String url, Timeline timeline) {
        this.timeline = timeline;
        this.client = McpClient.sync(
                        HttpClientStreamableHttpTransport.builder(url).build())
                .capabilities(ClientCapabilities.builder().elicitation().build())
                .elicitation(this::agree)
                .progressConsumer(this::report)
                .build();
    }

    McpSyncClient sdk() {
        return client;
    }

    /** Calls a tool once. */
    Answer call(String tool, Map<String, Object> arguments) {
        timeline.requestStarts();
        return new Answer(client.callTool(CallToolRequest.builder(tool)
                .arguments(arguments)
                .progressToken(UUID.randomUUID().toString())
                .build()));
    }

    /**
     * Calls a tool and comes back until there is a result.
     *
     * @return the result
     * @throws IllegalStateException if the tool fails or there is no result after ten minutes
     */
    Answer callToTheEnd(String tool, Map<String, Object> arguments) {
        long start = System.nanoTime();
        Answer answer = call(tool, arguments);
        while (answer.isProcessing()) {
            double elapsed = answer.number("elapsed_seconds", Double.NaN);
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException(tool + " has no result after " + PATIENCE);
            }
            timeline.say("<-- processing after %.1f s, operation_id %s", elapsed, answer.operationId());
            timeline.say("--> continue_operation, wait_time %.0f s", WAIT_SECONDS);
            answer =
                    call("continue_operation", Map.of("operation_id", answer.operationId(), "wait_time", WAIT_SECONDS));
        }
        if (answer.isError()) {
            throw new IllegalStateException(tool + " failed: " + answer.text());
        }
        return answer;
    }

    private ElicitResult agree(ElicitFormRequest question) {
        timeline.say("<-- the server asks: %s", question.message());
        timeline.say("--> this program answers yes by itself; a real client would ask its user");
        return ElicitResult.builder(ElicitResult.Action.ACCEPT)
                .content(Map.of("publish", true))
                .build();
    }

    private void report(ProgressNotification progress) {
        timeline.progress(progress.message() == null ? String.valueOf(progress.progress()) : progress.message());
    }

    @Override
    public void close() {
        client.close();
    }
}
