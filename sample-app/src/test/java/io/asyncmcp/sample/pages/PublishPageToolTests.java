package io.asyncmcp.sample.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import io.asyncmcp.sample.pages.PublishPageTool.Confirmation;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult.Action;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.mcp.annotation.context.StructuredElicitResult;

class PublishPageToolTests {

    @TempDir
    private Path folder;

    private PublishPageTool tool;

    @BeforeEach
    void makeTool() {
        tool = new PublishPageTool(new PageFolder(new PagesProperties(folder)));
    }

    @Test
    void agreedPageIsWrittenAndLinked() throws IOException {
        CallToolResult result = tool.publishPage("News", "Text", answering(Action.ACCEPT, new Confirmation(true)));

        Path file = folder.resolve("page-news.html");
        assertThat(file).content().contains("<h1>News</h1>");
        assertThat(text(result)).isEqualTo("Published \"News\" as " + file + ".");
        assertThat(((ResourceLink) result.content().get(1)).uri())
                .isEqualTo(file.toUri().toString());
    }

    @Test
    void declinedPageIsNotWritten() throws IOException {
        CallToolResult result = tool.publishPage("News", "Text", answering(Action.DECLINE, null));

        assertThat(text(result)).isEqualTo("Nothing was written: the user declined.");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void cancelledQuestionWritesNothing() throws IOException {
        CallToolResult result = tool.publishPage("News", "Text", answering(Action.CANCEL, null));

        assertThat(text(result)).isEqualTo("Nothing was written: the user closed the question without an answer.");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void answerWithoutAgreementWritesNothing() throws IOException {
        CallToolResult result = tool.publishPage("News", "Text", answering(Action.ACCEPT, new Confirmation(false)));

        assertThat(text(result)).isEqualTo("Nothing was written: the user did not agree.");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void clientThatCannotAskIsToldSo() {
        McpSyncRequestContext context = mock(McpSyncRequestContext.class);

        assertThatIllegalStateException()
                .isThrownBy(() -> tool.publishPage("News", "Text", context))
                .withMessageContaining("did not declare the elicitation capability");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void blankTitleIsRefused() {
        McpSyncRequestContext context = mock(McpSyncRequestContext.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> tool.publishPage(" ", "Text", context))
                .withMessageStartingWith("title must have 1 to 200 characters");
    }

    private static McpSyncRequestContext answering(Action action, @Nullable Confirmation content) {
        McpSyncRequestContext context = mock(McpSyncRequestContext.class);
        given(context.elicitEnabled()).willReturn(true);
        given(context.elicit(any(), eq(Confirmation.class)))
                .willReturn(new StructuredElicitResult<>(action, content, Map.of()));
        return context;
    }

    private static String text(CallToolResult result) {
        return ((TextContent) result.content().get(0)).text();
    }
}
