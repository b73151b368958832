package io.asyncmcp.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonWeightTests {

    private static JsonWeight of(String json) {
        return JsonWeight.of(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void emptyObjectsWeighManyTimesTheirText() {
        String objects = "[" + "{},".repeat(1000) + "{}]";
        String text = "[\"" + "{},".repeat(1000) + "\"]";
        assertThat(of(objects).bytes()).isGreaterThan(30L * objects.length());
        assertThat(of(text).bytes()).isLessThan(3L * text.length());
    }

    @Test
    void depthIsThatOfBracketsOutsideOfTexts() {
        assertThat(of("{\"a\": [[{}], []]}").depth()).isEqualTo(4);
        assertThat(of("{\"[[[[\": \"\\\"[[[[\\\\\"}").depth()).isEqualTo(1);
        assertThat(of("[]".repeat(1000)).depth()).isEqualTo(1);
        assertThat(of("]]]]").depth()).isZero();
    }

    @Test
    void namesAreMeasuredAndNoOtherTexts() {
        assertThat(of("{\"abc\": \"longer than\", \"abcd\" : [\"longer\", \"than\"], \"a\": {}}")
                        .longestName())
                .isEqualTo(4);
        assertThat(of("[\"abc\", {\"a\": [[], \"abc\"]}, \"abc\"]").longestName())
                .isEqualTo(1);
        assertThat(of("{\"a\": {\"b\": {}}, \"abc\": 1}").longestName()).isEqualTo(3);
        assertThat(of("{\"\\\"\u00e4\": 1}").longestName())
                .as("in bytes, as it is written")
                .isEqualTo(4);
        assertThat(of("\"abc\"").longestName()).isZero();
    }

    /** A parser has it by then. */
    @Test
    void nameIsOneBeforeAnythingFollows() {
        assertThat(of("{\"abc\" x").longestName()).isEqualTo(3);
        assertThat(of("{\"a\": 1, \"abc\"").longestName()).isEqualTo(3);
    }

    @Test
    void whatIsNotUtf8IsRecognized() {
        String json = "{\"\u227b\": [[[[{}]]]]}";
        assertThat(of(json).isUtf8()).isTrue();
        for (Charset other :
                new Charset[] {StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16}) {
            assertThat(JsonWeight.of(json.getBytes(other)).isUtf8()).isFalse();
        }
    }

    @Test
    void whatIsNoJsonHasAWeightToo() {
        for (String text : new String[] {"", "\"", "\"\\", "{[:,", "\u0001"}) {
            assertThat(of(text).bytes()).isNotNegative();
        }
    }
}
