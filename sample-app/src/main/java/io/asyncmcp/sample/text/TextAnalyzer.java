package io.asyncmcp.sample.text;

import io.asyncmcp.OperationContext;
import io.asyncmcp.sample.text.TextAnalysis.Sentences;
import io.asyncmcp.sample.text.TextAnalysis.WordCount;
import java.text.BreakIterator;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Goes through one text, sentence by sentence. */
final class TextAnalyzer {

    /** Letters and digits, with apostrophes and hyphens inside: {@code nature's} and {@code self-evident} are one word. */
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]++(?:['’-][\\p{L}\\p{N}]++)*+");

    private static final double WORDS_PER_MINUTE = 230;

    private final String text;

    private final Map<String, Integer> counts = new HashMap<>();

    private final IntSummaryStatistics sentences = new IntSummaryStatistics();

    TextAnalyzer(String text) {
        this.text = text;
    }

    TextAnalysis analyze(String source, int mostFrequent, OperationContext context) {
        BreakIterator boundaries = BreakIterator.getSentenceInstance(Locale.ENGLISH);
        boundaries.setText(text);
        int start = boundaries.first();
        for (int end = boundaries.next(); end != BreakIterator.DONE; start = end, end = boundaries.next()) {
            context.throwIfCancelled();
            addSentence(start, end);
            context.progress(end, (double) text.length(), "sentence " + sentences.getCount());
        }
        int words = (int) sentences.getSum();
        return new TextAnalysis(
                source,
                text.codePointCount(0, text.length()),
                words,
                counts.size(),
                mostFrequent(mostFrequent),
                toOneDecimal(words / WORDS_PER_MINUTE),
                sentenceNumbers());
    }

    private void addSentence(int start, int end) {
        Matcher matcher = WORD.matcher(text).region(start, end);
        int words = 0;
        while (matcher.find()) {
            words++;
            counts.merge(matcher.group().toLowerCase(Locale.ROOT), 1, Integer::sum);
        }
        if (words > 0) {
            sentences.accept(words);
        }
    }

    private List<WordCount> mostFrequent(int limit) {
        // Equally frequent words come in the order of the alphabet, so that the answer is always the same.
        return counts.entrySet().stream()
                .map(entry -> new WordCount(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingInt(WordCount::count).reversed().thenComparing(WordCount::word))
                .limit(limit)
                .toList();
    }

    private Sentences sentenceNumbers() {
        return sentences.getCount() == 0
                ? new Sentences(0, 0, 0, 0)
                : new Sentences(
                        (int) sentences.getCount(),
                        toOneDecimal(sentences.getAverage()),
                        sentences.getMin(),
                        sentences.getMax());
    }

    private static double toOneDecimal(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
