package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.server.transport.RequestBodies.Reading;
import io.asyncmcp.server.transport.RequestBodies.Refusal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestBodiesTests {

    private static final int KB = 1024;

    /** One text of 100 KB weighs twice as much; a caller has 500 KB. */
    private final RequestBodies bodies = new RequestBodies(100 * KB, 1000 * KB, this::now);

    private Duration now = Duration.ZERO;

    private long now() {
        return now.toNanos();
    }

    private static byte[] text(int size) {
        return ("\"" + "x".repeat(size - 2) + "\"").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] json(String part, int count) {
        return ("[" + part.repeat(count) + "0]").getBytes(StandardCharsets.UTF_8);
    }

    private final List<Refusal> refusals = new ArrayList<>();

    private byte[] read(Reading reading, byte[] body) throws IOException {
        return reading.read(new ByteArrayInputStream(body), refusals::add);
    }

    @Test
    void bodyIsReadToItsLimitAndNoFurther() throws IOException {
        byte[] largest = text(100 * KB);
        try (Reading reading = bodies.begin("a")) {
            assertThat(read(reading, largest)).isEqualTo(largest);
        }
        ByteArrayInputStream endless = new ByteArrayInputStream(new byte[10_000 * KB]);
        try (Reading reading = bodies.begin("a")) {
            assertThat(reading.read(endless, refusals::add)).isNull();
        }
        assertThat(refusals).containsExactly(Refusal.TOO_LARGE);
        assertThat(endless.available()).isGreaterThan(9_800 * KB);
        assertThat(bodies.taken()).isZero();
    }

    @Test
    void bodyIsNotWaitedForHoweverOftenAByteComes() {
        Reading reading = bodies.begin("a");
        for (int second = 0; second < 10; second++) {
            now = now.plusSeconds(1);
            assertThat(reading.received(1)).isNull();
        }
        now = now.plusSeconds(1);
        assertThat(reading.received(1)).isEqualTo(Refusal.TOO_SLOW);
    }

    @Test
    void largeBodyMayTakeLongerThanASmallOne() {
        Reading reading = bodies.begin("a");
        assertThat(reading.received(80 * KB)).isNull();
        now = now.plusSeconds(12);
        assertThat(reading.received(1)).isNull();
        now = now.plusSeconds(1);
        assertThat(reading.received(1)).isEqualTo(Refusal.TOO_SLOW);
    }

    private static byte[] named(String name) {
        return ("{\"" + name + "\": 1}").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void formIsLookedAtBeforeItIsParsed() throws IOException {
        assertThat(bodies.refusalOf(json("{},", 30 * KB))).isEqualTo(Refusal.TOO_HEAVY);
        assertThat(bodies.refusalOf(json("1,", 2 * KB))).isNull();
        assertThat(bodies.refusalOf(("[".repeat(501) + "]".repeat(501)).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Refusal.TOO_DEEP);
        assertThat(bodies.refusalOf(("[".repeat(500) + "]".repeat(500)).getBytes(StandardCharsets.UTF_8)))
                .isNull();
        assertThat(bodies.refusalOf("{}".getBytes(StandardCharsets.UTF_16LE))).isEqualTo(Refusal.NOT_UTF8);
        assertThat(bodies.refusalOf(named("x".repeat(512)))).isNull();
        assertThat(bodies.refusalOf(named("x".repeat(513)))).isEqualTo(Refusal.LONG_NAME);
        try (Reading reading = bodies.begin("a")) {
            assertThat(read(reading, json("{},", 30 * KB))).isNull();
        }
        assertThat(refusals).containsExactly(Refusal.TOO_HEAVY);
        assertThat(bodies.taken()).isZero();
    }

    @Test
    void oneCallerHasHalfAndAllTogetherNoMoreThanThereIs() throws IOException {
        List<Reading> open = new ArrayList<>();
        for (String caller : new String[] {"a", "a", "b", "b"}) {
            Reading reading = bodies.begin(caller);
            open.add(reading);
            assertThat(read(reading, text(100 * KB))).isNotNull();
        }
        Reading third = bodies.begin("a");
        assertThat(read(third, text(100 * KB))).isNull();
        assertThat(refusals).containsExactly(Refusal.CALLER_BUSY);
        third.close();
        Reading more = bodies.begin("c");
        assertThat(read(more, text(90 * KB))).isNotNull();
        Reading tooMany = bodies.begin("d");
        assertThat(read(tooMany, text(100 * KB))).isNull();
        assertThat(refusals).containsExactly(Refusal.CALLER_BUSY, Refusal.BUSY);
        // Small ones are read in any case.
        assertThat(read(bodies.begin("a"), text(8 * KB))).isNotNull();
        tooMany.close();
        open.get(0).close();
        open.get(0).close();
        assertThat(read(bodies.begin("a"), text(100 * KB))).isNotNull();
    }

    @Test
    void everythingIsGivenBack() throws IOException {
        for (int i = 0; i < 100; i++) {
            try (Reading reading = bodies.begin("a")) {
                assertThat(read(reading, text(100 * KB))).isNotNull();
                assertThat(bodies.taken()).isPositive();
            }
        }
        assertThat(bodies.taken()).isZero();
        assertThat(refusals).isEmpty();
    }

    /** A client that stalls holds what it has sent, and not what it has announced. */
    @Test
    void onlyWhatHasComeCounts() {
        Reading reading = bodies.begin("a");
        assertThat(reading.received(8 * KB)).isNull();
        assertThat(bodies.taken()).isZero();
        assertThat(reading.received(2 * KB)).isNull();
        assertThat(bodies.taken()).isEqualTo(10 * KB);
        reading.close();
        assertThat(bodies.taken()).isZero();
    }
}
