package io.asyncmcp.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTests {

    @Test
    void breaksAndControlCharactersBecomeSpaces() {
        assertThat(OneLine.of("a\nb\r\nc\td\u0000e\u0085f\u2028g\u2029h\u001b[31m", 100))
                .isEqualTo("a b  c d e f g h [31m");
    }

    @Test
    void whatIsInvisibleOrTurnsTheWritingRoundIsLeftOut() {
        String tags = new String(Character.toChars(0xE0041)) + new String(Character.toChars(0xE0042));
        assertThat(OneLine.of("a\u202Eb\u200Bc\uFEFFd" + tags + "\uD800e", 100)).isEqualTo("abcde");
        assertThat(OneLine.of("\u0646\u0645\u06CC\u200C\u0634\u0648\u062F", 100))
                .contains("\u200C");
    }

    @Test
    void longTextIsCutAndSaysSo() {
        assertThat(OneLine.of("x".repeat(11), 10)).isEqualTo("xxxxxxx...");
        assertThat(OneLine.of("x".repeat(10), 10)).isEqualTo("xxxxxxxxxx");
        assertThat(OneLine.of("\uD83D\uDE00".repeat(6), 10)).isEqualTo("\uD83D\uDE00".repeat(3) + "...");
    }

    @Test
    void quotedTextCannotCloseItsQuotes() {
        assertThat(OneLine.quoted("a\" and \"b", 100)).isEqualTo("\"a' and 'b\"");
    }
}
