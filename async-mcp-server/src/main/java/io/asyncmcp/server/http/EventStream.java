package io.asyncmcp.server.http;

import io.asyncmcp.server.http.Frames.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The events of one response, between those who send them and the connection that takes them.
 *
 * <p>Sending never blocks. What a client does not read is bounded: further notifications are dropped, the response is not. A
 * stream with an id keeps its latest events for a client that loses its connection and comes back. Thread-safe.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 * @since 0.1.0
 */
public final class EventStream {

    /** The connection on which a stream begins. */
    public static final long FIRST = 0;

    /** In the place of a connection: what the client has missed is no longer there. */
    public static final long GONE = -1;

    /** Notifications that wait for a client to read them. */
    static final int MAX_UNREAD = 512;

    /** What they take up before the last of them, in bytes, where one of them may be the end of a task, which comes once. */
    static final long MAX_UNREAD_BYTES = 1024 * 1024;

    /** The same where each of them is overtaken by what follows it, at the latest by the response. */
    static final long MAX_OVERTAKEN_BYTES = 256 * 1024;

    /** Events that were taken, and may have been lost with the connection. */
    static final int MAX_KEPT = 64;

    /** What they take up, in bytes. */
    static final long MAX_KEPT_BYTES = 16 * 1024;

    /** What waits for a client whose connection was lost, in bytes. Where there is more, nothing waits. */
    static final long MAX_CUT_BYTES = 64 * 1024;

    /** What small events take up that wait on one stream and count nowhere else, in bytes. */
    private static final long MAX_UNCOUNTED_BYTES = 16 * 1024;

    /** Heartbeats after which a client that takes nothing counts as gone. */
    private static final int MAX_SILENT_BEATS = 2;

    /** The same where it has begun to take a large event, or the last one: a slow network has buffers. A minute by default. */
    static final int MAX_SILENT_BEATS_WITHIN = 20;

    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] START = "event:message\ndata:".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final @Nullable String id;

    // All guarded by this.

    private Runnable lost;

    private Runnable written;

    private Runnable resumed;

    private final Frames unread = new Frames();

    private final Frames kept = new Frames();

    private long next = 1;

    private boolean ended;

    /** Whether the connection was lost and the client has not come back. */
    private boolean cutOff;

    /** Whether a connection has taken the stream up and has not begun to read. It may never do so. */
    private boolean takenUp;

    /** Whether a connection has written everything up to the end, which may have been lost on its way. */
    private boolean complete;

    /** Whether there is nothing left to come back for. */
    private boolean forgotten;

    private Runnable whenForgotten = () -> {};

    private boolean commentDue;

    private boolean sentSinceBeat = true;

    private boolean takenSinceBeat = true;

    private int silentBeats;

    private @Nullable Cursor cursor;

    /** The connection that may read: none that came before it. */
    private long connection = FIRST;

    /**
     * Creates a stream.
     *
     * @param id comes before the number in the ids of the events; {@code null} for events without ids
     * @param written told when the connection has taken everything up to the end
     * @param lost told when the connection is lost before that
     * @param resumed told when the client has come back after that
     */
    EventStream(@Nullable String id, Runnable written, Runnable lost, Runnable resumed) {
        this.id = id;
        this.written = written;
        this.lost = lost;
        this.resumed = resumed;
    }

    /**
     * Tells whether something that was taken is a comment, which says nothing but shows whether the client is there.
     *
     * @return {@code true} for a comment
     */
    public static boolean isComment(byte[] taken) {
        return taken == COMMENT;
    }

    /** A connection that takes events. */
    public interface Reader {

        /** There is something to take, or the end has come. Called on any thread; must not block. */
        void available();

        /** Nothing more is to be written: the client does not read, or has come back on another connection. */
        void cut();
    }

    /**
     * Begins to read.
     *
     * @param reader the connection
     * @param number the connection's number
     * @return where it takes the events from; at the end at once if the client has come back on another connection since
     */
    Cursor read(Reader reader, long number) {
        Cursor replaced;
        Cursor opened = new Cursor(reader);
        Runnable back;
        boolean again;
        synchronized (this) {
            if (number != connection) {
                return opened;
            }
            replaced = cursor;
            cursor = opened;
            takenSinceBeat = true;
            again = cutOff || takenUp;
            back = resumed;
            cutOff = false;
            takenUp = false;
        }
        if (replaced != null) {
            replaced.reader.cut();
        }
        if (again) {
            back.run();
        }
        return opened;
    }

    /**
     * Goes back to where a client has lost its connection.
     *
     * @param number the last event that the client has read
     * @return the number of the connection that may read from now on; {@link #GONE} if an event that comes after that one is no longer
     *     there
     */
    public long rewind(long number) {
        Cursor replaced;
        long next;
        synchronized (this) {
            if (!goBack(number)) {
                return GONE;
            }
            connection++;
            next = connection;
            takenUp = true;
            // What comes from now on is not for the connection that was lost, even if nobody has noticed.
            replaced = cursor;
            cursor = null;
            takenSinceBeat = true;
        }
        if (replaced != null) {
            replaced.reader.cut();
        }
        return next;
    }

    /** Guarded by this. */
    private boolean goBack(long number) {
        // Who has read everything does not come back for it.
        if (forgotten || number < 0 || number >= next || complete && number == next - 1) {
            return false;
        }
        unread.removeComments();
        Frame oldest = kept.isEmpty() ? unread.first() : kept.first();
        if ((oldest == null ? next : oldest.number()) > number + 1) {
            return false;
        }
        for (Frame last = kept.last(); last != null && last.number() > number; last = kept.last()) {
            kept.pollLast();
            unread.addFirst(last);
        }
        for (Frame first = unread.first(); first != null && first.number() <= number; first = unread.first()) {
            unread.pollFirst();
            first.over().run();
            // A client that says so although nobody has taken it may come back once more for less.
            keep(first);
        }
        complete = false;
        Frame response = ended ? unread.pollLast() : null;
        if (response != null) {
            commentFirst();
            unread.add(response);
        }
        return true;
    }

    /** The first write to a client that has gone often succeeds, and must not be that of the response. Guarded by this. */
    private void commentFirst() {
        unread.add(new Frame(Frame.COMMENT, COMMENT, () -> {}));
    }

    /**
     * Sends an event, unless too many wait to be read already.
     *
     * @param json the message
     * @param needed whether it is sent however many wait
     * @param over run once it has been written, or never will be
     */
    void send(byte[] json, boolean needed, Runnable over) {
        synchronized (this) {
            long most = isOvertaken() ? MAX_OVERTAKEN_BYTES : MAX_UNREAD_BYTES;
            boolean tooMany = unread.count() >= MAX_UNREAD || unread.bytes() > most;
            if (ended || forgotten || tooMany && !needed) {
                over.run();
                return;
            }
            add(message(json), over);
        }
        tell();
    }

    /**
     * Tells the client what it may come back with before there is an event. Before anything else is sent.
     *
     * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server">Sending
     *     Messages to the Server</a>
     */
    synchronized void prime() {
        byte[] event = ("id:" + id + "-0\ndata:\n\n").getBytes(StandardCharsets.US_ASCII);
        unread.add(new Frame(Frame.COMMENT, event, () -> {}));
        sentSinceBeat = true;
    }

    /**
     * Sends an event that is no message.
     *
     * @param name the type of the event, in ASCII
     * @param data its data, one line
     */
    public void send(String name, String data) {
        byte[] event = ("event:" + name + "\ndata:" + data + "\n\n").getBytes(StandardCharsets.UTF_8);
        synchronized (this) {
            if (ended || forgotten) {
                return;
            }
            add(event, () -> {});
        }
        tell();
    }

    /** Guarded by this. */
    private void add(byte[] event, Runnable over) {
        Frame frame = new Frame(next, event, over);
        next++;
        unread.add(frame);
        sentSinceBeat = true;
        forgetTooMuch();
    }

    /** Guarded by this. */
    private void forgetTooMuch() {
        if (cutOff && unread.bytes() > MAX_CUT_BYTES) {
            forget();
        }
    }

    /**
     * Lets go of what waits for a client that has lost its connection. It finds an end if it comes back.
     *
     * @return {@code false} if it has come back already
     */
    public synchronized boolean forget() {
        if (cursor != null) {
            return false;
        }
        if (!forgotten) {
            forgotten = true;
            whenForgotten.run();
        }
        for (Frame frame = unread.pollFirst(); frame != null; frame = unread.pollFirst()) {
            frame.over().run();
        }
        kept.clear();
        return true;
    }

    /**
     * Does something once there is nothing left to come back for; at once if that is so.
     *
     * @param action must not block, nor wait for anything
     */
    synchronized void whenForgotten(Runnable action) {
        if (forgotten) {
            action.run();
        } else {
            whenForgotten = action;
        }
    }

    /** Returns whether nobody reads at present, and the client may come back. */
    synchronized boolean isCut() {
        return cutOff || takenUp;
    }

    /** Guarded by this. */
    private byte[] message(byte[] json) {
        ByteArrayOutputStream event = new ByteArrayOutputStream(json.length + 64);
        if (id != null) {
            event.writeBytes(("id:" + id + "-" + next + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        event.writeBytes(START);
        event.writeBytes(json);
        event.writeBytes(END);
        return event.toByteArray();
    }

    /**
     * Ends the stream.
     *
     * @param json the last event, or {@code null} for none
     * @param over run once it has been written, or never will be
     */
    void end(byte @Nullable [] json, Runnable over) {
        boolean added;
        synchronized (this) {
            added = json != null && !ended && !forgotten;
            if (json != null && added) {
                commentFirst();
                add(message(json), over);
            }
            ended = true;
        }
        if (!added) {
            over.run();
        }
        tell();
    }

    /** Shows that the server is there, once the client has read everything else. */
    public void comment() {
        comment(true);
    }

    private void comment(boolean signOfLife) {
        synchronized (this) {
            if (ended) {
                return;
            }
            commentDue = true;
            sentSinceBeat |= signOfLife;
        }
        tell();
    }

    /**
     * Shows a client that has come back that the server is there. It does not count as a sign of life: the next of those shows soon
     * whether the client has stayed.
     */
    public void greet() {
        comment(false);
    }

    private void tell() {
        Cursor now;
        synchronized (this) {
            now = cursor;
        }
        if (now != null) {
            now.reader.available();
        }
    }

    /**
     * Called at the pace of the heartbeat: comments on silence, and gives up a client that takes nothing.
     */
    void beat() {
        Cursor now;
        Runnable gone;
        boolean cut;
        boolean silent;
        synchronized (this) {
            now = cursor;
            gone = lost;
            Frame inHand = now == null ? null : now.inHand;
            boolean waits = now == null || !unread.isEmpty() || commentDue || ended && inHand != null;
            silentBeats = waits && !takenSinceBeat ? silentBeats + 1 : 0;
            takenSinceBeat = false;
            boolean within = inHand != null && (ended || !inHand.isSmall());
            cut = silentBeats > (within ? MAX_SILENT_BEATS_WITHIN : MAX_SILENT_BEATS);
            silent = !sentSinceBeat;
            sentSinceBeat = false;
        }
        if (cut) {
            if (now == null) {
                gone.run();
            } else {
                now.reader.cut();
            }
        } else if (silent) {
            comment();
        }
    }

    /** Returns whether the client has left as much unread as may count nowhere else. */
    synchronized boolean isFarBehind() {
        return unread.smallBytes() > MAX_UNCOUNTED_BYTES;
    }

    /** Returns whether each notification is overtaken by what follows it, so that one may be left out. */
    boolean isOvertaken() {
        return id != null;
    }

    /** Returns whether the end has come and a connection has taken everything. */
    synchronized boolean isOver() {
        return ended && unread.isEmpty();
    }

    /**
     * Tells whether a connection has written everything up to the end.
     *
     * @return {@code true} unless something was lost, as far as one can tell
     */
    public synchronized boolean isComplete() {
        return complete;
    }

    /** Where a connection takes its events from. */
    public final class Cursor {

        private final Reader reader;

        private boolean closed;

        /** Being written. */
        private @Nullable Frame inHand;

        private Cursor(Reader reader) {
            this.reader = reader;
        }

        /**
         * Takes what is to be written next.
         *
         * @return the bytes, or {@code null} if there are none now
         */
        public byte @Nullable [] take() {
            synchronized (EventStream.this) {
                if (cursor != this) {
                    return null;
                }
                takenSinceBeat = true;
                putDown();
                Frame frame = unread.pollFirst();
                inHand = frame;
                if (frame == null) {
                    boolean comment = commentDue;
                    commentDue = false;
                    return comment ? COMMENT : null;
                }
                keep(frame);
                return frame.bytes();
            }
        }

        /** Guarded by the stream. */
        private void putDown() {
            Frame frame = inHand;
            inHand = null;
            if (frame != null) {
                frame.over().run();
            }
        }

        /** Tells that a part of what was taken has been written. */
        public void progressed() {
            synchronized (EventStream.this) {
                takenSinceBeat = true;
            }
        }

        /**
         * Returns how much {@link #take} returns next.
         *
         * @return the size in bytes, 0 if there is nothing now
         */
        public int nextSize() {
            synchronized (EventStream.this) {
                Frame frame = cursor == this ? unread.first() : null;
                return frame == null ? 0 : frame.bytes().length;
            }
        }

        /**
         * Tells whether {@link #take} returns something.
         *
         * @return {@code true} if it does
         */
        public boolean hasNext() {
            synchronized (EventStream.this) {
                return cursor == this && (commentDue || !unread.isEmpty());
            }
        }

        /**
         * Tells whether nothing more is sent, even if there is still something to write.
         *
         * @return {@code true} once the last event is there
         */
        public boolean hasEnded() {
            synchronized (EventStream.this) {
                return ended;
            }
        }

        /**
         * Tells whether nothing more is to be written.
         *
         * @return {@code true} at the end of the stream, or if the client has come back on another connection
         */
        public boolean isOver() {
            synchronized (EventStream.this) {
                return cursor != this || ended && unread.isEmpty();
            }
        }

        /**
         * Tells that the connection is done with the stream. Once is enough.
         *
         * @param flushed whether everything that was taken has been written
         */
        public void close(boolean flushed) {
            Runnable told;
            synchronized (EventStream.this) {
                putDown();
                if (closed || cursor != this) {
                    return;
                }
                closed = true;
                cursor = null;
                complete = flushed && ended && unread.isEmpty();
                cutOff = !complete && id != null;
                told = complete ? written : lost;
                if (complete) {
                    letGo();
                }
                if (id == null) {
                    // Nobody can come back for it.
                    forget();
                } else {
                    forgetTooMuch();
                }
            }
            told.run();
        }
    }

    /**
     * Lets go of the exchange, and of all that waited for it: the stream may be kept for a client that has lost the end on its
     * way. Guarded by this.
     */
    private void letGo() {
        lost = () -> {};
        written = () -> {};
        resumed = () -> {};
    }

    /** Guarded by this. */
    private void keep(Frame frame) {
        if (id == null || frame.number() == Frame.COMMENT) {
            return;
        }
        kept.add(frame);
        while (kept.count() > MAX_KEPT || kept.bytes() > MAX_KEPT_BYTES) {
            kept.pollFirst();
        }
    }
}
