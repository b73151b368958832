package io.asyncmcp.sample.text;

import java.util.List;

/**
 * Numbers about a text.
 *
 * @param source where the text came from
 * @param characters how many characters it has
 * @param words how many words it has
 * @param distinctWords how many different words it has, whatever their case
 * @param mostFrequentWords the words that come most often, the most frequent first
 * @param readingMinutes how long a person takes to read it
 * @param sentences numbers about its sentences
 */
public record TextAnalysis(
        String source,
        int characters,
        int words,
        int distinctWords,
        List<WordCount> mostFrequentWords,
        double readingMinutes,
        Sentences sentences) {

    /**
     * A word and how often it comes.
     *
     * @param word the word in lower case
     * @param count how often it comes
     */
    public record WordCount(String word, int count) {}

    /**
     * Numbers about sentences; all of them count words.
     *
     * @param count how many sentences there are
     * @param averageWords the average length
     * @param shortestWords the length of the shortest
     * @param longestWords the length of the longest
     */
    public record Sentences(int count, double averageWords, int shortestWords, int longestWords) {}
}
