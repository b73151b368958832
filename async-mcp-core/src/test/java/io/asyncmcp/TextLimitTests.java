package io.asyncmcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextLimitTests {

    @Test
    void textThatFitsStaysAsItIs() {
        for (String text : new String[] {"", "0123456789", "äöüäö", "日本語x", "😀😀xx"}) {
            assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(10);
            assertThat(TextLimit.cut(text, 10)).isEqualTo(text);
        }
    }

    @Test
    void longerTextIsCutBetweenTwoCharacters() {
        assertThat(TextLimit.cut("0123456789x", 10)).isEqualTo("0123456...");
        assertThat(TextLimit.cut("äöüäöx", 10)).isEqualTo("äöü...");
        assertThat(TextLimit.cut("日本語日", 10)).isEqualTo("日本...");
        assertThat(TextLimit.cut("x😀😀😀", 10)).isEqualTo("x😀...");
    }

    @Test
    void bytesCountAsTheyGoOverTheWire() {
        String cut = TextLimit.cut("日".repeat(1_000), 100);

        assertThat(cut.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(96, 100);
    }

    @Test
    void whatAnOperationSaysOfItselfIsCut() {
        ExecutorFixture fixture = new ExecutorFixture();
        int most = ExecutorConfig.DEFAULTS.limits().maxMessageBytes();
        ExecutorFixture.Running running = fixture.running();

        running.context().progress(1, null, "x".repeat(10 * most));
        Operation failed = fixture.run(context -> {
            throw new IllegalStateException("y".repeat(10 * most));
        });

        assertThat(fixture.state(running.id()).progress().message()).hasSize(most);
        assertThat(failed.failure().message()).hasSize(most);
    }
}
