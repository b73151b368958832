package io.asyncmcp.conformance;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import java.util.Map;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.stereotype.Component;

/** Tools that talk with the client while they run: reports, log messages, questions. */
@Component
final class ConversationTools {

    /** The suite wants time between messages, so that they have to be sent one by one. */
    private static final long MILLIS_BETWEEN_MESSAGES = 50;

    @AsyncTool(name = "test_tool_with_progress", description = "Reports its progress")
    public String progress(OperationContext operation) throws InterruptedException {
        operation.progress(0, 100.0, "Completed step 0 of 100");
        Thread.sleep(MILLIS_BETWEEN_MESSAGES);
        operation.progress(50, 100.0, "Completed step 50 of 100");
        Thread.sleep(MILLIS_BETWEEN_MESSAGES);
        operation.progress(100, 100.0, "Completed step 100 of 100");
        return "Completed all steps";
    }

    @AsyncTool(name = "test_tool_with_logging", description = "Sends log messages")
    public String logging(McpSyncRequestContext client) throws InterruptedException {
        client.info("Tool execution started");
        Thread.sleep(MILLIS_BETWEEN_MESSAGES);
        client.info("Tool processing data");
        Thread.sleep(MILLIS_BETWEEN_MESSAGES);
        client.info("Tool execution completed");
        return "Tool with logging executed successfully";
    }

    @AsyncTool(name = "test_sampling", description = "Asks the client's model")
    public String sampling(
            @McpToolParam(description = "The prompt to send to the LLM") String prompt, McpSyncRequestContext client) {
        return "LLM response: " + Questions.text(client.sample(Questions.prompt(prompt)));
    }

    @AsyncTool(name = "test_elicitation", description = "Asks the user")
    public String elicitation(
            @McpToolParam(description = "The message to show the user") String message, McpSyncRequestContext client) {
        return "User response: " + ask(client, message, Schemas.USER);
    }

    @AsyncTool(name = "test_elicitation_sep1034_defaults", description = "Asks the user and suggests answers")
    public String elicitationWithDefaults(McpSyncRequestContext client) {
        return "Elicitation completed: "
                + ask(client, "Please review and update the form fields with defaults", Schemas.DEFAULT_VALUES);
    }

    @AsyncTool(name = "test_elicitation_sep1330_enums", description = "Asks the user and offers choices")
    public String elicitationWithChoices(McpSyncRequestContext client) {
        return "Elicitation completed: "
                + ask(client, "Please select options from the enum fields", Schemas.ENUMERATIONS);
    }

    private static String ask(McpSyncRequestContext client, String message, Map<String, Object> schema) {
        ElicitResult answer =
                client.elicit(ElicitFormRequest.builder(message, schema).build());
        return "action=" + answer.action() + ", content=" + answer.content();
    }
}
