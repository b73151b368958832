package io.asyncmcp.sample.text;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool.McpAnnotations;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.stereotype.Component;

/** Counts words and sentences. */
@Component
public final class AnalyzeTextTool {

    private static final int MAX_CHARACTERS = 1_000_000;

    private static final int MAX_MOST_FREQUENT = 100;

    @AsyncTool(
            name = "analyze_text",
            description = "Counts the words and sentences of a text, finds its most frequent words and estimates its"
                    + " reading time.",
            generateOutputSchema = true,
            annotations =
                    @McpAnnotations(
                            readOnlyHint = true,
                            destructiveHint = false,
                            idempotentHint = true,
                            openWorldHint = false))
    public TextAnalysis analyzeText(
            @McpToolParam(
                            required = false,
                            description = "The text; by default the Declaration of Independence of the United States")
                    @Nullable
                    String text,
            @McpToolParam(required = false, description = "How many frequent words to list, 0 to 100; 10 by default")
                    @Nullable
                    Integer mostFrequent,
            OperationContext context) {
        int frequent = mostFrequent == null ? 10 : mostFrequent;
        if (frequent < 0 || frequent > MAX_MOST_FREQUENT) {
            throw new IllegalArgumentException(
                    "mostFrequent must be from 0 to 100, but was " + frequent + "; leave it out for 10");
        }
        if (text == null) {
            return new TextAnalyzer(Corpus.text()).analyze(Corpus.NAME, frequent, context);
        }
        if (text.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("text must have at most " + MAX_CHARACTERS + " characters, but had "
                    + text.length() + "; analyze it in parts");
        }
        return new TextAnalyzer(text).analyze("the text given", frequent, context);
    }
}
