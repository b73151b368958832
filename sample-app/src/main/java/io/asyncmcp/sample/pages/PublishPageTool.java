package io.asyncmcp.sample.pages;

import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.ai.mcp.annotation.McpTool.McpAnnotations;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.mcp.annotation.context.StructuredElicitResult;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.stereotype.Component;

/** Writes a page, but not without asking. */
@Component
@RegisterReflectionForBinding(PublishPageTool.Confirmation.class)
public final class PublishPageTool {

    private static final int MAX_TITLE_LENGTH = 200;

    private static final int MAX_BODY_LENGTH = 1_000_000;

    private final PageFolder folder;

    PublishPageTool(PageFolder folder) {
        this.folder = folder;
    }

    /**
     * What the user is asked.
     *
     * @param publish whether to publish
     */
    public record Confirmation(
            @McpToolParam(description = "Publish the page?") boolean publish) {}

    @AsyncTool(
            name = "publish_page",
            description = "Publishes a web page once the user has agreed. The user is asked while the tool runs and may"
                    + " take a while to answer.",
            annotations = @McpAnnotations(destructiveHint = false, openWorldHint = false))
    public CallToolResult publishPage(
            @McpToolParam(description = "The page's title") String title,
            @McpToolParam(description = "The page's text, plain or Markdown with headings and lists") String body,
            McpSyncRequestContext context)
            throws IOException {
        check("title", title, MAX_TITLE_LENGTH);
        check("body", body, MAX_BODY_LENGTH);
        if (!context.elicitEnabled()) {
            throw new IllegalStateException("publish_page must ask the user, but this client did not declare the"
                    + " elicitation capability; use a client that did, nothing was written");
        }
        StructuredElicitResult<Confirmation> answer = context.elicit(
                question -> question.message("Publish the page \"" + title + "\" of " + body.length() + " characters?"),
                Confirmation.class);
        return switch (answer.action()) {
            case ACCEPT -> agreed(answer) ? publish(title, body) : nothingWritten("the user did not agree");
            case DECLINE -> nothingWritten("the user declined");
            case CANCEL -> nothingWritten("the user closed the question without an answer");
        };
    }

    private static boolean agreed(StructuredElicitResult<Confirmation> answer) {
        Confirmation confirmation = answer.structuredContent();
        return confirmation != null && confirmation.publish();
    }

    private CallToolResult publish(String title, String body) throws IOException {
        Path file = folder.write(title, PageHtml.page(title, body));
        return CallToolResult.builder()
                .addTextContent("Published \"" + title + "\" as " + file + ".")
                .addContent(ResourceLink.builder()
                        .name(file.getFileName().toString())
                        .title(title)
                        .uri(file.toUri().toString())
                        .mimeType("text/html")
                        .build())
                .build();
    }

    private static CallToolResult nothingWritten(String why) {
        return CallToolResult.builder()
                .addTextContent("Nothing was written: " + why + ".")
                .build();
    }

    private static void check(String name, String value, int maxLength) {
        if (value.isBlank() || value.length() > maxLength) {
            throw new IllegalArgumentException(name + " must have 1 to " + maxLength
                    + " characters and not only blanks," + " but had " + value.length() + "; give another " + name);
        }
    }
}
