package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.Heartbeats;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A servlet response with an event stream, into which comments are written between the events.
 *
 * <p>Thread-safe.
 */
final class CommentedResponse extends HttpServletResponseWrapper {

    /** Held by whoever writes, be it for as long as a client does not read. */
    private final ReentrantLock writing = new ReentrantLock();

    private final Heartbeats.Stream heartbeat;

    /** Whether an event has ended and no other has begun. Guarded by {@link #writing}. */
    private boolean betweenEvents = true;

    /** Guarded by {@link #writing}. */
    private boolean over;

    private @Nullable ServletOutputStream output;

    CommentedResponse(HttpServletResponse response, Heartbeats heartbeats) {
        super(response);
        this.heartbeat = heartbeats.open(this::comment);
    }

    /** Nothing is written any more once this has returned. */
    void over() {
        heartbeat.close();
        writing.lock();
        try {
            over = true;
        } finally {
            writing.unlock();
        }
    }

    private void comment() {
        if (!writing.tryLock()) {
            // An event is being written.
            return;
        }
        try {
            if (!over && betweenEvents) {
                ServletOutputStream stream = getResponse().getOutputStream();
                stream.write(Heartbeats.comment());
                stream.flush();
            }
        } catch (IOException e) {
            // The client has gone, and the container has noticed by this.
            heartbeat.close();
        } finally {
            writing.unlock();
        }
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        writing.lock();
        try {
            if (output == null) {
                output = new Events(getResponse().getOutputStream());
            }
            return output;
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void flushBuffer() throws IOException {
        writing.lock();
        try {
            super.flushBuffer();
        } finally {
            writing.unlock();
        }
    }

    private final class Events extends ServletOutputStream {

        private final ServletOutputStream stream;

        private byte last;

        Events(ServletOutputStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return;
            }
            writing.lock();
            try {
                byte secondToLast = length == 1 ? last : bytes[offset + length - 2];
                last = bytes[offset + length - 1];
                betweenEvents = last == '\n' && secondToLast == '\n';
                stream.write(bytes, offset, length);
                heartbeat.sent();
            } finally {
                writing.unlock();
            }
        }

        @Override
        public void flush() throws IOException {
            writing.lock();
            try {
                stream.flush();
            } finally {
                writing.unlock();
            }
        }

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            stream.setWriteListener(listener);
        }
    }
}
