package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.server.transport.RequestBodies.Reading;
import io.asyncmcp.server.transport.RequestBodies.Refusal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RequestBodiesTests {

    private static final int KB = 1024;

    /** One text of 100 KB weighs twice as much; a caller has 500 KB. */
    private final RequestBodies bodies = new RequestBodies(100 * KB, 1000 * KB, 4, this::now);

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
        return reading.read(new ByteArrayInputStream(body), body.length, refusals::add);
    }

    @Test
    void bodyIsReadToItsLimitAndNoFurther() throws IOException {
        byte[] largest = text(100 * KB);
        try (Reading reading = bodies.begin("a")) {
            assertThat(read(reading, largest)).isEqualTo(largest);
        }
        ByteArrayInputStream endless = new ByteArrayInputStream(new byte[10_000 * KB]);
        try (Reading reading = bodies.begin("a")) {
            assertThat(reading.read(endless, -1, refusals::add)).isNull();
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

    /** Has nothing at hand, and says what happens while it is waited for. */
    private static InputStream slow(Runnable meanwhile) {
        return new InputStream() {
            private boolean read;

            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                if (read) {
                    return -1;
                }
                read = true;
                meanwhile.run();
                buffer[offset] = '1';
                return 1;
            }
        };
    }

    private void readSlowly(String caller, Runnable meanwhile) {
        try (Reading reading = bodies.begin(caller)) {
            reading.read(slow(meanwhile), 1, refusals::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void callersDoNotHoldAllThreads() throws IOException {
        Runnable third = () -> readSlowly("a", () -> {});
        readSlowly("a", () -> readSlowly("a", third));
        assertThat(refusals).as("two of four are one caller's").containsExactly(Refusal.CALLER_BUSY);

        refusals.clear();
        Runnable fifth = () -> readSlowly("c", () -> {});
        readSlowly("a", () -> readSlowly("a", () -> readSlowly("b", () -> readSlowly("b", fifth))));
        assertThat(refusals).containsExactly(Refusal.BUSY);

        refusals.clear();
        readSlowly(
                "a",
                () -> readSlowly("a", () -> {
                    try (Reading reading = bodies.begin("a")) {
                        assertThat(read(reading, text(KB)))
                                .as("what is there holds nothing")
                                .isNotNull();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
        assertThat(refusals).as("all threads are back").isEmpty();
    }

    @Test
    void bodyThatStopsIsGivenUpWithoutAThread() {
        Reading stops = bodies.begin("a");
        Reading closed = bodies.begin("a");
        CompletableFuture<Refusal> tooSlow = stops.tooSlow().toCompletableFuture();
        CompletableFuture<Refusal> over = closed.tooSlow().toCompletableFuture();
        closed.close();
        assertThat(stops.received(40)).isNull();
        now = now.plusSeconds(10);
        bodies.giveUpSlow();
        assertThat(tooSlow).isNotDone();
        now = now.plusMillis(1);
        bodies.giveUpSlow();
        assertThat(tooSlow).isCompletedWithValue(Refusal.TOO_SLOW);
        assertThat(over).isNotDone();
    }
}
