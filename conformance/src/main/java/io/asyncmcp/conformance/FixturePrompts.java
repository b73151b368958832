package io.asyncmcp.conformance;

import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.ai.mcp.annotation.McpArg;
import org.springframework.ai.mcp.annotation.McpComplete;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.stereotype.Component;

/** The prompts, and the completion of an argument. */
@Component
final class FixturePrompts {

    private static final String WITH_ARGUMENTS = "test_prompt_with_arguments";

    @McpPrompt(name = "test_simple_prompt", description = "A prompt without arguments")
    public GetPromptResult simple() {
        return prompt(
                TextContent.builder("This is a simple prompt for testing.").build());
    }

    @McpPrompt(name = WITH_ARGUMENTS, description = "A prompt with required arguments")
    public GetPromptResult withArguments(
            @McpArg(name = "arg1", description = "First test argument", required = true) String first,
            @McpArg(name = "arg2", description = "Second test argument", required = true) String second) {
        String text = "Prompt with arguments: arg1='%s', arg2='%s'".formatted(first, second);
        return prompt(TextContent.builder(text).build());
    }

    @McpComplete(prompt = WITH_ARGUMENTS)
    public List<String> completions(String begun) {
        return Stream.of("paris", "park", "party", "testing")
                .filter(word -> word.startsWith(begun))
                .toList();
    }

    @McpPrompt(name = "test_prompt_with_embedded_resource", description = "A prompt with a resource in it")
    public GetPromptResult withResource(
            @McpArg(name = "resourceUri", description = "URI of the resource to embed", required = true) String uri) {
        TextResourceContents contents = TextResourceContents.builder(uri, "Embedded resource content for testing.")
                .mimeType("text/plain")
                .build();
        return prompt(
                EmbeddedResource.builder(contents).build(),
                TextContent.builder("Please process the embedded resource above.")
                        .build());
    }

    @McpPrompt(name = "test_prompt_with_image", description = "A prompt with a picture in it")
    public GetPromptResult withImage() {
        return prompt(
                ImageContent.builder(Samples.PNG, Samples.PNG_TYPE).build(),
                TextContent.builder("Please analyze the image above.").build());
    }

    @McpPrompt(name = "test_input_required_result_prompt", description = "A prompt that asks the user first")
    public GetPromptResult withQuestion(McpSyncRequestContext client) {
        ElicitResult answer = client.elicit(Questions.form("What context should the prompt use?", "context", "string"));
        String text = "Use this context: " + Questions.field(answer, "context");
        return prompt(TextContent.builder(text).build());
    }

    private static GetPromptResult prompt(Content... contents) {
        return GetPromptResult.builder(Arrays.stream(contents)
                        .map(content ->
                                PromptMessage.builder(Role.USER, content).build())
                        .toList())
                .build();
    }
}
