package io.asyncmcp.server.http;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The events of a stream in their order, and their size. Not thread-safe. */
final class Frames {

    /** What an event takes up beside its bytes. */
    private static final int AROUND = 256;

    private final Deque<Frame> frames = new ArrayDeque<>();

    private long bytes;

    private long smallBytes;

    /** An event; {@code over} runs once it has been written, or never will be. */
    record Frame(long number, byte[] bytes, Runnable over) {

        /** The number of a frame that is no event. */
        static final long COMMENT = 0;

        /** Whether its message may be too small to count by itself: an event is more than its message. */
        boolean isSmall() {
            return bytes.length <= ReplyMemory.SMALL + AROUND;
        }
    }

    private @Nullable Frame count(@Nullable Frame frame, int sign) {
        if (frame != null) {
            int size = frame.bytes().length;
            bytes += (long) sign * size;
            if (frame.isSmall()) {
                smallBytes += (long) sign * (size + AROUND);
            }
        }
        return frame;
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    int count() {
        return frames.size();
    }

    long bytes() {
        return bytes;
    }

    /** What the events take up that {@link ReplyMemory} does not count. */
    long smallBytes() {
        return smallBytes;
    }

    @Nullable
    Frame first() {
        return frames.peekFirst();
    }

    @Nullable
    Frame last() {
        return frames.peekLast();
    }

    void add(Frame frame) {
        frames.addLast(frame);
        count(frame, 1);
    }

    void addFirst(Frame frame) {
        frames.addFirst(frame);
        count(frame, 1);
    }

    @Nullable
    Frame pollFirst() {
        return count(frames.pollFirst(), -1);
    }

    @Nullable
    Frame pollLast() {
        return count(frames.pollLast(), -1);
    }

    void removeComments() {
        frames.removeIf(frame -> frame.number() == Frame.COMMENT && count(frame, -1) != null);
    }

    void clear() {
        frames.clear();
        bytes = 0;
        smallBytes = 0;
    }
}
