package io.asyncmcp.conformance;

import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.spec.McpSchema.AudioContent;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.util.List;
import org.springframework.stereotype.Component;

/** Tools that answer with every kind of content, and one that fails. */
@Component
final class ContentTools {

    @AsyncTool(name = "test_image_content", description = "Answers with a picture")
    public CallToolResult image() {
        return result(ImageContent.builder(Samples.PNG, Samples.PNG_TYPE).build());
    }

    @AsyncTool(name = "test_audio_content", description = "Answers with a sound")
    public CallToolResult audio() {
        return result(AudioContent.builder(Samples.WAV, Samples.WAV_TYPE).build());
    }

    @AsyncTool(name = "test_embedded_resource", description = "Answers with a resource in the result itself")
    public CallToolResult embeddedResource() {
        return result(embedded("test://embedded-resource", "text/plain", "This is an embedded resource content."));
    }

    @AsyncTool(name = "test_multiple_content_types", description = "Answers with a text, a picture and a resource")
    public CallToolResult mixed() {
        return result(
                TextContent.builder("Multiple content types test:").build(),
                ImageContent.builder(Samples.PNG, Samples.PNG_TYPE).build(),
                embedded("test://mixed-content-resource", "application/json", "{\"test\":\"data\",\"value\":123}"));
    }

    @AsyncTool(name = "test_error_handling", description = "Always fails")
    public String failure() {
        throw new IllegalStateException("This tool intentionally returns an error for testing");
    }

    private static CallToolResult result(Content... content) {
        return CallToolResult.builder().content(List.of(content)).build();
    }

    private static Content embedded(String uri, String mimeType, String text) {
        return EmbeddedResource.builder(TextResourceContents.builder(uri, text)
                        .mimeType(mimeType)
                        .build())
                .build();
    }
}
