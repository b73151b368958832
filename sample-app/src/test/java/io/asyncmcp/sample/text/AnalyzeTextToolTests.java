package io.asyncmcp.sample.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncmcp.sample.RecordingContext;
import io.asyncmcp.sample.RecordingContext.Report;
import io.asyncmcp.sample.text.TextAnalysis.Sentences;
import io.asyncmcp.sample.text.TextAnalysis.WordCount;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class AnalyzeTextToolTests {

    private final AnalyzeTextTool tool = new AnalyzeTextTool();

    private final RecordingContext context = RecordingContext.running();

    @Test
    void countsWordsAndSentences() {
        TextAnalysis analysis = tool.analyzeText("The cat sat. The cat's well-fed dog did not!", 2, context);

        assertThat(analysis.words()).isEqualTo(9);
        assertThat(analysis.distinctWords()).isEqualTo(8);
        assertThat(analysis.mostFrequentWords()).containsExactly(new WordCount("the", 2), new WordCount("cat", 1));
        assertThat(analysis.sentences()).isEqualTo(new Sentences(2, 4.5, 3, 6));
    }

    @Test
    void charactersBeyondSixteenBitsCountOnce() {
        assertThat(tool.analyzeText("a\uD83D\uDE00", 1, context).characters()).isEqualTo(2);
    }

    @Test
    void emptyTextHasNothingInIt() {
        TextAnalysis analysis = tool.analyzeText("", null, context);

        assertThat(analysis.words()).isZero();
        assertThat(analysis.mostFrequentWords()).isEmpty();
        assertThat(analysis.sentences()).isEqualTo(new Sentences(0, 0, 0, 0));
    }

    @Test
    void withoutATextTheDeclarationOfIndependenceIsAnalyzed() {
        TextAnalysis analysis = tool.analyzeText(null, null, context);

        assertThat(analysis.source()).startsWith("Declaration of Independence");
        assertThat(analysis.words()).isBetween(1300, 1350);
        assertThat(analysis.mostFrequentWords()).hasSize(10).first().isEqualTo(new WordCount("of", 78));
        assertThat(analysis.readingMinutes()).isBetween(5.0, 6.5);
    }

    @Test
    void everySentenceIsReported() {
        tool.analyzeText("One. Two.", null, context);

        assertThat(context.reports())
                .containsExactly(new Report(5, 9.0, "sentence 1"), new Report(9, 9.0, "sentence 2"));
    }

    @Test
    void cancellationStopsTheWork() {
        assertThatThrownBy(() -> tool.analyzeText("One. Two. Three.", null, RecordingContext.cancelledAfter(1)))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void tooManyFrequentWordsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tool.analyzeText("", 101, context))
                .withMessage("mostFrequent must be from 0 to 100, but was 101; leave it out for 10");
    }

    @Test
    void tooLongATextIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tool.analyzeText("x".repeat(1_000_001), null, context))
                .withMessage("text must have at most 1000000 characters, but had 1000001; analyze it in parts");
    }
}
