package io.asyncmcp.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.ExecutorConfig.Limits;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplyMemoryTests {

    /** One caller may have half of it. */
    private static final long MOST = 1_000_000;

    private final ReplyMemory memory = new ReplyMemory(Limits.DEFAULTS.withMaxActiveBytes(MOST));

    private @Nullable Runnable take(String caller, long bytes) {
        return memory.take(caller, bytes);
    }

    @Test
    void callerHasAShare() {
        Runnable first = Objects.requireNonNull(take("a", 300_000));
        assertThat(take("a", 200_000)).isNotNull();
        assertThat(take("a", 70_000)).isNull();
        assertThat(take("b", 70_000)).isNotNull();
        first.run();
        first.run();
        assertThat(memory.taken()).isEqualTo(270_000);
        assertThat(take("a", 70_000)).isNotNull();
    }

    @Test
    void oneReplyIsAlwaysPossible() {
        Runnable first = Objects.requireNonNull(take("a", 10 * MOST));
        assertThat(take("a", 70_000)).isNull();
        assertThat(take("b", 70_000)).isNotNull();
        assertThat(take("b", 70_000)).as("of all there is too much").isNull();
        first.run();
        assertThat(take("a", 70_000)).isNotNull();
    }

    @Test
    void smallRepliesDoNotCount() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(take("a", 64 * 1024)).isNotNull();
        }
        assertThat(memory.taken()).isZero();
    }

    @Test
    void anyAmount() {
        ReplyMemory unlimited = new ReplyMemory(Limits.DEFAULTS.withMaxActiveBytes(0));
        for (int i = 0; i < 100; i++) {
            assertThat(unlimited.take("a", Integer.MAX_VALUE)).isNotNull();
        }
    }
}
