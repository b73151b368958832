package io.asyncmcp.autoconfigure.badinput;

import static io.asyncmcp.autoconfigure.badinput.RawClient.message;
import static io.asyncmcp.autoconfigure.badinput.RawClient.operationId;
import static io.asyncmcp.autoconfigure.badinput.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationContext;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;

/** Answers to questions that do not fit them: the question stays open, and the client is told. */
class AnswersIT {

    static class Tools {

        @Bean
        AskingTools askingTools() {
            return new AskingTools();
        }
    }

    static class AskingTools {

        @AsyncTool(name = "asks", timeout = "0s")
        String asks(OperationContext context) throws Exception {
            Object answer = context.requestInput(
                            "elicitation/create",
                            Map.of(
                                    "message",
                                    "May I?",
                                    "requestedSchema",
                                    Map.of(
                                            "type",
                                            "object",
                                            "properties",
                                            Map.of("yes", Map.of("type", "boolean")),
                                            "required",
                                            List.of("yes"))))
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
            return "answered " + ((Map<?, ?>) answer).get("action");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void answerThatDoesNotFitLeavesTheQuestionOpen(WebApplicationType web) throws Exception {
        try (TestServer server = TestServer.start(web, Tools.class, "spring.ai.mcp.server.protocol=STREAMABLE")) {
            RawClient client = new RawClient(server).initialized();
            String id = operationId(client.call("asks", "{}"));
            for (String bad : List.of(
                    "[1]",
                    "\"x\"",
                    "7",
                    "null",
                    "{}",
                    "{\"action\": \"bogus\"}",
                    "{\"action\": \"accept\", \"content\": \"x\"}",
                    "{\"action\": \"accept\", \"content\": {}}",
                    "{\"action\": \"accept\", \"content\": {\"yes\": \"maybe\"}}",
                    "{\"action\": \"accept\"}")) {
                HttpResponse<String> refused = client.post(answer(id, bad));
                assertThat(refused.statusCode()).as(bad).isEqualTo(400);
                assertThat(message(refused).path("error").path("code").asInt())
                        .as(bad)
                        .isIn(-32602, -32600);
            }
            assertThat(client.post(answer(id, "{\"action\": \"accept\", \"content\": {\"yes\": true}}"))
                            .statusCode())
                    .isEqualTo(202);
            assertThat(text(client.call("continue_operation", RawClient.id(id))))
                    .isEqualTo("answered accept");
        }
    }

    private static String answer(String operationId, String result) {
        return "{\"jsonrpc\": \"2.0\", \"id\": \"async-mcp:" + operationId + ":elicitation/create#1\", \"result\": "
                + result + "}";
    }
}
