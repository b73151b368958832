package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.Connection;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A response on WebMVC that tells its {@link Connection} when something cannot be written. Spring AI's transports log that
 * and tell nobody.
 *
 * <p>Thread-safe: an event is written in one piece, and a comment goes between two of them.
 */
final class WatchedServletResponse extends HttpServletResponseWrapper {

    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private final Connection connection;

    /** Held while something is written. */
    private final ReentrantLock writing = new ReentrantLock();

    private @Nullable ServletOutputStream stream;

    WatchedServletResponse(HttpServletResponse response, Connection connection) {
        super(response);
        this.connection = connection;
    }

    private interface Write {
        void run() throws IOException;
    }

    private void watched(Write write) throws IOException {
        writing.lock();
        try {
            write.run();
        } catch (IOException e) {
            connection.lost();
            throw e;
        } finally {
            writing.unlock();
        }
    }

    /** Writes a comment, which says nothing but shows whether the client is still there. */
    void probe() {
        try {
            watched(() -> {
                super.getOutputStream().write(COMMENT);
                super.flushBuffer();
            });
        } catch (IOException e) {
            // The connection knows.
        }
    }

    @Override
    public void flushBuffer() throws IOException {
        watched(super::flushBuffer);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (stream == null) {
            stream = new WatchedStream(super.getOutputStream());
        }
        return stream;
    }

    private final class WatchedStream extends ServletOutputStream {

        private final ServletOutputStream out;

        WatchedStream(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            watched(() -> out.write(b));
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            watched(() -> out.write(bytes, offset, length));
        }

        @Override
        public void flush() throws IOException {
            watched(out::flush);
        }

        @Override
        public void close() throws IOException {
            watched(out::close);
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }
    }
}
