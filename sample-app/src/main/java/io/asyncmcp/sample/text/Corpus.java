package io.asyncmcp.sample.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;

/** The text that is analyzed when none is given. */
final class Corpus {

    static final String NAME = "Declaration of Independence of the United States (1776)";

    private Corpus() {}

    static String text() {
        try {
            return new ClassPathResource("corpus/declaration-of-independence.txt")
                    .getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
