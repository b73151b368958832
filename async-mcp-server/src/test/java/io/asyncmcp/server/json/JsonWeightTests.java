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
