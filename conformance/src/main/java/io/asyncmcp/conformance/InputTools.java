package io.asyncmcp.conformance;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.ListRootsResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.stereotype.Component;

/**
 * Tools that ask before they answer. A client of protocol 2026-07-28 gets the questions as its call's result and calls again
 * with the answers; the tools do not notice, and have no state of their own to keep from call to call.
 */
@Component
final class InputTools {

    private static final String PREFIX = "test_input_required_result_";

    @AsyncTool(name = PREFIX + "elicitation", description = "Asks the user for a name")
    public CompletionStage<String> elicitation(OperationContext operation) {
        return Questions.elicit(operation, Questions.USER_NAME, Questions.name())
                .thenApply(answer -> "Hello, " + Questions.field(answer, "name") + "!");
    }

    @AsyncTool(name = PREFIX + "sampling", description = "Asks the client's model for a capital")
    public String sampling(McpSyncRequestContext client) {
        return Questions.text(client.sample(Questions.prompt("What is the capital of France?")));
    }

    @AsyncTool(name = PREFIX + "list_roots", description = "Asks the client for its roots")
    public String roots(McpSyncRequestContext client) {
        return "Roots: " + client.roots().roots();
    }

    @AsyncTool(name = PREFIX + "request_state", description = "Asks the user for a confirmation")
    public String state(McpSyncRequestContext client) {
        return "state-ok: " + confirmation(client);
    }

    @AsyncTool(name = PREFIX + "tampered_state", description = "Asks the user for a confirmation")
    public String tamperedState(McpSyncRequestContext client) {
        return "Confirmed: " + confirmation(client);
    }

    private static String confirmation(McpSyncRequestContext client) {
        return Questions.field(client.elicit(Questions.form("Please confirm", "ok", "boolean")), "ok");
    }

    @AsyncTool(name = PREFIX + "multiple_inputs", description = "Asks user, model and client at once")
    public CompletionStage<String> multipleInputs(OperationContext operation) {
        CompletableFuture<ElicitResult> name = Questions.elicit(operation, Questions.USER_NAME, Questions.name())
                .toCompletableFuture();
        CompletableFuture<CreateMessageResult> greeting = Questions.sample(
                        operation, "greeting", Questions.prompt("Generate a greeting"))
                .toCompletableFuture();
        CompletableFuture<ListRootsResult> roots =
                Questions.roots(operation, "client_roots").toCompletableFuture();
        return CompletableFuture.allOf(name, greeting, roots)
                .thenApply(all -> "%s To %s, from %s"
                        .formatted(
                                Questions.text(greeting.join()),
                                Questions.field(name.join(), "name"),
                                roots.join().roots()));
    }

    @AsyncTool(name = PREFIX + "multi_round", description = "Asks the user twice, one question after the other")
    public CompletionStage<String> rounds(OperationContext operation) {
        return Questions.elicit(operation, "step1", Questions.form("Step 1: What is your name?", "name", "string"))
                .thenCompose(name -> Questions.elicit(
                                operation,
                                "step2",
                                Questions.form("Step 2: What is your favorite color?", "color", "string"))
                        .thenApply(
                                color -> Questions.field(name, "name") + " likes " + Questions.field(color, "color")));
    }

    @AsyncTool(name = PREFIX + "capabilities", description = "Asks what the client says it can answer")
    public String capabilities(McpSyncRequestContext client) {
        List<String> answers = new ArrayList<>();
        if (client.elicitEnabled()) {
            answers.add("name: " + Questions.field(client.elicit(Questions.name()), "name"));
        }
        if (client.sampleEnabled()) {
            answers.add("model: " + Questions.text(client.sample(Questions.prompt("Say something"))));
        }
        if (client.rootsEnabled()) {
            answers.add("roots: " + client.roots().roots());
        }
        return answers.isEmpty() ? "The client answers no questions" : String.join(", ", answers);
    }
}
