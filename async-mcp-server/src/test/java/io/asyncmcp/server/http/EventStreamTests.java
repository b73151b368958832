package io.asyncmcp.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventStreamTests {

    private static final Runnable NOTHING = () -> {};

    private final List<String> told = new ArrayList<>();

    private final EventStream stream =
            new EventStream(null, () -> told.add("written"), () -> told.add("lost"), () -> told.add("resumed"));

    private final EventStream.Reader reader = new EventStream.Reader() {
        @Override
        public void available() {
            told.add("available");
        }

        @Override
        public void cut() {
            told.add("cut");
        }
    };

    private static byte[] json(int length) {
        return "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
    }

    private static int taken(EventStream.Cursor cursor) {
        int count = 0;
        while (cursor.take() != null) {
            count++;
        }
        return count;
    }

    @Test
    void clientThatDoesNotReadLosesNotificationsAndNeverTheResponse() {
        for (int i = 0; i < 2 * EventStream.MAX_UNREAD; i++) {
            stream.send(json(10), false, NOTHING);
        }
        stream.end(json(10), NOTHING);
        EventStream.Cursor cursor = stream.read(reader, EventStream.FIRST);
        assertThat(taken(cursor)).as("with the comment before the response").isEqualTo(EventStream.MAX_UNREAD + 2);
        assertThat(cursor.isOver()).isTrue();
    }

    @Test
    void whatIsNotReadIsWeighed() {
        for (int i = 0; i < 100; i++) {
            stream.send(json(100_000), false, NOTHING);
        }
        assertThat(taken(stream.read(reader, EventStream.FIRST))).isEqualTo(11);
        stream.send(json(100_000), false, NOTHING);
        assertThat(told).containsExactly("available");
    }

    @Test
    void whatIsOvertakenIsWeighedMoreStrictly() {
        EventStream resumable = new EventStream("1", () -> {}, () -> {}, () -> {});
        for (int i = 0; i < 100; i++) {
            resumable.send(json(100_000), false, NOTHING);
        }
        resumable.send(json(10), true, NOTHING);
        assertThat(taken(resumable.read(reader, EventStream.FIRST)))
                .as("with a question")
                .isEqualTo(4);
    }

    /** The end of a task comes once, with its result. */
    @Test
    void oneEventIsTakenHoweverLargeItIs() {
        stream.send(json(10), false, NOTHING);
        stream.send(json(3_000_000), false, NOTHING);
        stream.send(json(10), false, NOTHING);
        assertThat(taken(stream.read(reader, EventStream.FIRST))).isEqualTo(2);
    }

    @Test
    void whatIsWrittenIsNotLost() {
        EventStream.Cursor cursor = stream.read(reader, EventStream.FIRST);
        stream.end(json(10), NOTHING);
        taken(cursor);
        cursor.close(true);
        cursor.close(false);
        assertThat(told).containsExactly("available", "written");
    }

    @Test
    void whatIsTakenAndNotWrittenIsLost() {
        EventStream.Cursor cursor = stream.read(reader, EventStream.FIRST);
        stream.end(json(10), NOTHING);
        taken(cursor);
        cursor.close(false);
        assertThat(told).containsExactly("available", "lost");
    }

    @Test
    void connectionThatIsReplacedIsCutAndTakesNoMore() {
        EventStream.Cursor first = stream.read(reader, EventStream.FIRST);
        EventStream.Cursor second = stream.read(reader, EventStream.FIRST);
        stream.send(json(10), false, NOTHING);
        assertThat(first.take()).isNull();
        assertThat(first.isOver()).isTrue();
        first.close(false);
        assertThat(second.take()).isNotNull();
        assertThat(told).containsExactly("cut", "available");
    }

    private EventStream.Cursor cutAfter(EventStream events, int sent) {
        EventStream.Cursor cursor = events.read(reader, EventStream.FIRST);
        for (int i = 0; i < sent; i++) {
            events.send(json(10), false, NOTHING);
        }
        taken(cursor);
        return cursor;
    }

    @Test
    void greetingIsFollowedByASignOfLife() {
        EventStream.Cursor cursor = stream.read(reader, EventStream.FIRST);
        stream.beat();
        stream.greet();
        assertThat(cursor.take()).asString(StandardCharsets.US_ASCII).isEqualTo(":\n\n");
        assertThat(cursor.hasNext()).isFalse();
        stream.beat();
        assertThat(cursor.take()).asString(StandardCharsets.US_ASCII).isEqualTo(":\n\n");
    }

    @Test
    void littleWaitsForAClientThatHasLostItsConnection() {
        EventStream resumable = new EventStream("1", () -> {}, () -> {}, () -> {});
        cutAfter(resumable, 1).close(false);
        for (int i = 0; i < 5; i++) {
            resumable.send(json(10_000), false, NOTHING);
        }
        assertThat(resumable.rewind(1)).isNotEqualTo(EventStream.GONE);
        resumable.send(json(30_000), false, NOTHING);
        resumable.end(json(10), NOTHING);
        assertThat(resumable.rewind(1)).as("too much, so that nothing waits").isEqualTo(EventStream.GONE);
        assertThat(resumable.isOver()).isTrue();
    }

    @Test
    void forgottenStreamIsOverForItsClient() {
        EventStream resumable = new EventStream("1", () -> {}, () -> {}, () -> {});
        EventStream.Cursor cursor = cutAfter(resumable, 3);
        assertThat(resumable.forget()).as("its client is there").isFalse();
        cursor.close(false);
        assertThat(resumable.rewind(2)).isNotEqualTo(EventStream.GONE);
        assertThat(resumable.forget()).isTrue();
        assertThat(resumable.rewind(2)).isEqualTo(EventStream.GONE);
    }

    @Test
    void eventCountsUntilItIsWritten() {
        AtomicInteger over = new AtomicInteger();
        stream.send(json(10), false, over::incrementAndGet);
        stream.send(json(10), false, over::incrementAndGet);
        EventStream.Cursor cursor = stream.read(reader, EventStream.FIRST);
        assertThat(cursor.take()).isNotNull();
        assertThat(over).as("it is being written").hasValue(0);
        assertThat(cursor.take()).isNotNull();
        assertThat(over).hasValue(1);
        cursor.close(false);
        assertThat(over).hasValue(2);
    }

    @Test
    void eventsOfAClientThatCannotComeBackAreOver() {
        AtomicInteger over = new AtomicInteger();
        EventStream.Cursor cursor = stream.read(reader, EventStream.FIRST);
        stream.send(json(10), false, over::incrementAndGet);
        cursor.close(false);
        assertThat(over).hasValue(1);
    }

    @Test
    void eventThatIsDroppedIsOver() {
        AtomicInteger over = new AtomicInteger();
        stream.end(null, NOTHING);
        stream.send(json(10), false, over::incrementAndGet);
        assertThat(over).hasValue(1);
    }
}
