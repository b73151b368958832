package io.asyncmcp.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.InputResponse;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a controller shows that returns an operation. */
class OperationJsonTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void showsNeitherOwnerNorAnswersNorWhatWasThrown() throws Exception {
        try (AsyncExecutor executor = AsyncExecutor.builder().build()) {
            String id = executor.submit(
                            context -> {
                                context.requestInput("ask", "elicitation/create", Map.of("message", "asked-secret"))
                                        .toCompletableFuture()
                                        .join();
                                throw new IllegalStateException("failed", new IllegalArgumentException("cause-secret"));
                            },
                            ExecuteOptions.ofType("report").withOwner(OperationOwner.principal("owner-secret")))
                    .requireId();
            while (!executor.answerInput(id, null, "ask", InputResponse.of("answer-secret"))) {
                Thread.onSpinWait();
            }
            Operation operation = executor.continueOperation(id, null, Duration.ofSeconds(50));

            String json = JSON.writeValueAsString(operation);

            assertThat(JSON.readTree(json).propertyNames())
                    .containsExactlyInAnyOrder(
                            "id",
                            "type",
                            "status",
                            "createdAt",
                            "updatedAt",
                            "endedAt",
                            "ttl",
                            "progress",
                            "result",
                            "resultDropped",
                            "failure");
            assertThat(JSON.readTree(json).path("failure").propertyNames())
                    .containsExactlyInAnyOrder("reason", "message");
            assertThat(json).contains("failed").doesNotContain("secret");
        }
    }
}
