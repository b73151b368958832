package io.asyncmcp.server.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonFailuresTests {

    private static final String SECRET = "marker-of-a-secret";

    private static final Throwable OF_JACKSON =
            catchThrowable(() -> JsonMapper.builder().build().convertValue(Map.of("number", SECRET), Numbered.class));

    record Numbered(int number) {}

    private static String printed(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void messageOfJacksonQuotesWhatWasRead() {
        assertThat(JsonFailures.isOfJackson(OF_JACKSON)).isTrue();
        assertThat(printed(OF_JACKSON)).contains(SECRET);
    }

    @Test
    void whatMayBeLoggedQuotesNothingAndStillSaysWhereItWas() {
        Throwable loggable = JsonFailures.loggable(OF_JACKSON);

        assertThat(printed(loggable))
                .doesNotContain(SECRET)
                .contains(OF_JACKSON.getClass().getName());
        assertThat(loggable.getStackTrace()).isEqualTo(OF_JACKSON.getStackTrace());
    }

    @Test
    void whoeverWrapsItQuotesNothingEither() {
        Throwable wrapped = new CompletionException(new IllegalArgumentException("bad " + SECRET, OF_JACKSON));

        assertThat(printed(JsonFailures.loggable(wrapped)))
                .doesNotContain(SECRET)
                .contains("CompletionException", "IllegalArgumentException");
    }

    @Test
    void suppressedErrorsQuoteNothing() {
        IllegalStateException error = new IllegalStateException("outer", OF_JACKSON);
        error.addSuppressed(new IllegalStateException(SECRET));

        assertThat(printed(JsonFailures.loggable(error))).doesNotContain(SECRET);
    }

    @Test
    void otherErrorsAreLeftAsTheyAre() {
        IllegalStateException other = new IllegalStateException("the disk is full");

        assertThat(JsonFailures.loggable(other)).isSameAs(other);
    }

    @Test
    void chainWithoutAnEndEnds() {
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException second = new IllegalStateException("second", first);
        first.initCause(second);

        assertThat(JsonFailures.loggable(first)).isSameAs(first);
    }
}
