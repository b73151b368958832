package io.asyncmcp.server.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationQuery.Position;
import io.modelcontextprotocol.spec.McpError;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client may say about tasks, and what it costs to look at it. */
class TaskParamsTests {

    private static final OperationOwner ALICE = OperationOwner.principal("alice");

    static Stream<Arguments> ttls() {
        return Stream.of(
                Arguments.of(0, 0L),
                Arguments.of(60_000, 60_000L),
                Arguments.of(Long.MAX_VALUE, Long.MAX_VALUE),
                Arguments.of(Long.MAX_VALUE - 1, Long.MAX_VALUE - 1),
                Arguments.of(1.5, 2L),
                Arguments.of(1e300, Long.MAX_VALUE),
                Arguments.of(Double.POSITIVE_INFINITY, Long.MAX_VALUE),
                Arguments.of(BigInteger.TEN.pow(1000), Long.MAX_VALUE),
                Arguments.of(new BigDecimal("1e999999999"), Long.MAX_VALUE),
                // Its digits before the point can be told at once; all of them would not fit into memory.
                Arguments.of(new BigDecimal("1e-999999999"), 0L));
    }

    @ParameterizedTest
    @MethodSource("ttls")
    void ttlIsReadWhateverItsSize(Number ttl, long millis) {
        Duration read = assertTimeoutPreemptively(
                Duration.ofMinutes(1), () -> TaskParams.ttl(Map.of("task", Map.of("ttl", ttl))));
        assertThat(read).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void longCursorIsNotLookedAt() {
        TaskCursors cursors = new TaskCursors(new SecureRandom());
        String cursor = cursors.write(new Position(Instant.EPOCH, "3k7f2m4q6t5v2xbzacdghjnprs"), ALICE);
        assertThat(cursors.read(cursor, ALICE).id()).isEqualTo("3k7f2m4q6t5v2xbzacdghjnprs");
        String sealedAndLong = cursors.write(new Position(Instant.EPOCH, "x".repeat(10_000)), ALICE);
        assertThat(catchThrowable(() -> cursors.read(sealedAndLong, ALICE)))
                .isInstanceOf(McpError.class)
                .hasMessageContaining("cursor is unknown");
    }
}
