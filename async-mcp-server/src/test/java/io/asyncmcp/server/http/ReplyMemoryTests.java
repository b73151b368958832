package io.asyncmcp.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.ExecutorConfig.Limits;
import org.junit.jupiter.api.Test;

class ReplyMemoryTests {

    /** One caller may have half of it. */
    private static final long MOST = 1_000_000;

    private final ReplyMemory memory = new ReplyMemory(Limits.DEFAULTS.withMaxActiveBytes(MOST));

    private boolean fits(String caller, long bytes) {
        return memory.open(caller).grow(bytes);
    }

    @Test
    void callerHasAShare() {
        ReplyMemory.Share first = memory.open("a");
        assertThat(first.grow(300_000)).isTrue();
        assertThat(fits("a", 200_000)).isTrue();
        assertThat(fits("a", 70_000)).isFalse();
        assertThat(fits("b", 70_000)).isTrue();
        first.close();
        first.close();
        assertThat(memory.taken()).isEqualTo(270_000);
        assertThat(fits("a", 70_000)).isTrue();
    }

    @Test
    void oneLargeMessageIsPossible() {
        ReplyMemory.Share first = memory.open("a");
        assertThat(first.grow(10 * MOST)).isTrue();
        assertThat(fits("a", 70_000)).isFalse();
        assertThat(fits("b", 70_000)).as("of all there is too much").isFalse();
        first.close();
        assertThat(fits("b", 70_000)).isTrue();
        assertThat(fits("a", 10 * MOST)).as("others leave room").isTrue();
    }

    @Test
    void messageGrowsWhileItIsWritten() {
        ReplyMemory.Share message = memory.open("a");
        assertThat(message.grow(70_000)).isTrue();
        assertThat(message.grow(60_000)).isTrue();
        assertThat(message.grow(90_000)).isTrue();
        assertThat(memory.taken()).isEqualTo(90_000);
        assertThat(fits("a", 400_000)).isTrue();
        assertThat(message.grow(200_000)).isFalse();
        message.close();
        assertThat(memory.taken()).isEqualTo(400_000);
        assertThat(message.grow(90_000)).as("it is over").isFalse();
    }

    @Test
    void smallMessagesDoNotCount() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(fits("a", 8 * 1024)).isTrue();
        }
        assertThat(memory.taken()).isZero();
    }

    @Test
    void smallMessagesCountWhereThereAreMany() {
        ReplyMemory.Share message = memory.openExact("a");
        assertThat(message.grow(10)).isTrue();
        assertThat(memory.taken()).isEqualTo(10);
        message.close();
        assertThat(memory.taken()).isZero();
    }

    @Test
    void anyAmount() {
        ReplyMemory unlimited = new ReplyMemory(Limits.DEFAULTS.withMaxActiveBytes(0));
        for (int i = 0; i < 100; i++) {
            assertThat(unlimited.open("a").grow(Integer.MAX_VALUE)).isTrue();
        }
    }
}
