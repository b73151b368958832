package io.asyncmcp.server.http;

import io.asyncmcp.server.http.Frames.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The events of one response, between those who send them and the connection that takes them. Sending never blocks. What a client
 * leaves unread is bounded: further notifications are dropped, the response is not. A stream with an id keeps its latest events for
 * a client that loses its connection and comes back. Thread-safe.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 * @since 0.1.0
 */
public final class EventStream {

    /** The number of the connection on which a stream begins. */
    public static final long FIRST = 0;

    /** In place of a connection: what the client missed is no longer there. */
    public static final long GONE = -1;

    /** With this many unread events, further notifications are dropped. */
    static final int MAX_UNREAD = 512;

    /** Unread bytes above which notifications are dropped, where one may tell the end of a task, which is sent once. */
    static final long MAX_UNREAD_BYTES = 1024 * 1024;

    /** The same where each is overtaken by what follows it, at the latest by the response. */
    static final long MAX_OVERTAKEN_BYTES = 256 * 1024;

    /** Events that were taken, and may have been lost with the connection. */
    static final int MAX_KEPT = 64;

    static final long MAX_KEPT_BYTES = 16 * 1024;

    /** What may wait for a client whose connection was lost; above it nothing waits. */
    static final long MAX_CUT_BYTES = 64 * 1024;

    /** What small unread events may take up on one stream before they count in {@link ReplyMemory}. */
    private static final long MAX_UNCOUNTED_BYTES = 16 * 1024;

    /** Heartbeats after which a client that takes nothing counts as gone. */
    private static final int MAX_SILENT_BEATS = 2;

    /** The same once it has begun to take a large event, or the last one: a slow network has buffers. A minute by default. */
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

    /** Whether a connection has written everything up to the end, which may still have been lost on its way. */
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
     * Event ids begin with {@code id}, {@code null} for none. {@code written} runs when a connection has taken everything up to the
     * end, {@code lost} if it breaks before, {@code resumed} when the client has come back after that.
     */
    EventStream(@Nullable String id, Runnable written, Runnable lost, Runnable resumed) {
        this.id = id;
        this.written = written;
        this.lost = lost;
        this.resumed = resumed;
    }

    /** Tells whether something taken is a comment, which says nothing but shows whether the client is there. */
    public static boolean isComment(byte[] taken) {
        return taken == COMMENT;
    }

    /** A connection that takes events. */
    public interface Reader {

        /** There is something to take, or the end has come. Called on any thread; must not block. */
        void available();

        /** Nothing more may be written: the client does not read, or has come back on another connection. */
        void cut();
    }

    /** Begins to read as the connection of that number; the cursor is at its end if the client has come back on another since. */
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

    /** Goes back to after the event {@code number}; returns the connection that may read from now on, or {@link #GONE}. */
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

    /** Sends an event unless too much is unread, always if {@code needed}; {@code over} runs once it is written or dropped. */
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
     * Tells the client an id to come back with before there is an event; must be sent first.
     *
     * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server">Sending
     *     Messages to the Server</a>
     */
    synchronized void prime() {
        byte[] event = ("id:" + id + "-0\ndata:\n\n").getBytes(StandardCharsets.US_ASCII);
        unread.add(new Frame(Frame.COMMENT, event, () -> {}));
        sentSinceBeat = true;
    }

    /** Sends an event that is no message; {@code name} is its type in ASCII, {@code data} one line. */
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

    /** Drops what waits for a client that has lost its connection; returns {@code false} if it has come back already. */
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

    /** Runs an action, which must not block or wait, once there is nothing left to come back for; at once if that is so. */
    synchronized void whenForgotten(Runnable action) {
        if (forgotten) {
            action.run();
        } else {
            whenForgotten = action;
        }
    }

    /** Returns whether nobody reads at present but the client may come back. */
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

    /** Ends the stream after {@code json}, if not {@code null}; {@code over} runs once that has been written, or never will be. */
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

    /** Like {@link #comment()} for a client that is back, but the next beat comments too: that soon shows whether it stayed. */
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

    /** Called at each heartbeat: comments on silence, and gives up a client that takes nothing. */
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

    /** Returns whether so much is unread that small events must count in {@link ReplyMemory}. */
    synchronized boolean isFarBehind() {
        return unread.smallBytes() > MAX_UNCOUNTED_BYTES;
    }

    /** Returns whether what follows overtakes each notification, so that one may be left out. */
    boolean isOvertaken() {
        return id != null;
    }

    /** Returns whether the end has come and a connection has taken everything. */
    synchronized boolean isOver() {
        return ended && unread.isEmpty();
    }

    /** Tells whether a connection has written everything up to the end, as far as one can tell. */
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

        /** Takes what is to be written next; {@code null} if there is nothing now. */
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

        /** A part of what was taken has been written. */
        public void progressed() {
            synchronized (EventStream.this) {
                takenSinceBeat = true;
            }
        }

        /** Returns the size in bytes of the event that {@link #take} returns next, 0 if there is none now. */
        public int nextSize() {
            synchronized (EventStream.this) {
                Frame frame = cursor == this ? unread.first() : null;
                return frame == null ? 0 : frame.bytes().length;
            }
        }

        /** Tells whether {@link #take} returns something. */
        public boolean hasNext() {
            synchronized (EventStream.this) {
                return cursor == this && (commentDue || !unread.isEmpty());
            }
        }

        /** Tells whether nothing more will be sent, even if there is still something to write. */
        public boolean hasEnded() {
            synchronized (EventStream.this) {
                return ended;
            }
        }

        /** Tells whether nothing more is to be written: at the end, or if the client has come back on another connection. */
        public boolean isOver() {
            synchronized (EventStream.this) {
                return cursor != this || ended && unread.isEmpty();
            }
        }

        /** The connection is done; {@code flushed} if everything taken has been written. Further calls do nothing. */
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

    /** Drops the exchange with what waits for it: the stream may be kept for a client that lost the end. Guarded by this. */
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
