package io.asyncmcp.sample.client;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireAnswerTests {

    private static final String RIGHT = """
            id:0e5f
            event:message
            data:{"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"three"}],"isError":false}}

            """;

    @Test
    void callsOwnAnswerIsTaken() {
        assertThatCode(() -> WireAnswer.check(RIGHT, 3, "three")).doesNotThrowAnyException();
    }

    @Test
    void answerToAnotherCallIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> WireAnswer.check(RIGHT, 4, "three"))
                .withMessageContaining("call 4 must be answered \"three\"");
    }

    @Test
    void wrongTextIsRefused() {
        assertThatIllegalStateException().isThrownBy(() -> WireAnswer.check(RIGHT, 3, "four"));
    }

    @Test
    void errorIsRefusedWhateverItSays() {
        String error = RIGHT.replace("\"isError\":false", "\"isError\":true");

        assertThatIllegalStateException().isThrownBy(() -> WireAnswer.check(error, 3, "three"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "event:message\n\n", "data:{\n\n", "data:{\"jsonrpc\":\"2.0\",\"id\":3}\n\n"})
    void noAnswerIsRefused(String body) {
        assertThatIllegalStateException().isThrownBy(() -> WireAnswer.check(body, 3, "three"));
    }

    @Test
    void secondAnswerIsRefused() {
        assertThatIllegalStateException().isThrownBy(() -> WireAnswer.check(RIGHT + RIGHT, 3, "three"));
    }
}
