package io.asyncmcp.web.servlet;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.server.http.EventStream;
import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.http.HttpExchange.Response;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.context.request.async.AsyncWebRequest;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * Writes the response of one exchange to a servlet container. Once the request's thread has left, writing never blocks: the
 * container says when it takes more. A small response that is there when that thread leaves is written by it. What a handler says
 * before is written at once as long as it is little, because the container signals nothing until the thread is back.
 *
 * <p>Thread-safe. The container reuses a request and its response for another client, but tells us first and waits for what we are
 * doing with them.
 */
final class ServletWriter implements WriteListener, AsyncListener, EventStream.Reader {

    /** What every container takes before it writes, and what is written at once in a second. */
    private static final int AT_ONCE = 8 * 1024;

    private static final int SLICE = 32 * 1024;

    private static final long SECOND_NANOS = 1_000_000_000;

    /** A write that takes longer waits for a client that does not read. */
    private static final long SLOW_NANOS = 250_000_000;

    private final HttpServletRequest request;

    private final HttpServletResponse response;

    private final HttpExchange exchange;

    private final Ticker ticker;

    /** Whether the request's thread is still here. Changed under the lock of this. */
    private volatile boolean inside = true;

    /** Changed under the lock of this. */
    private volatile @Nullable Response how;

    /** Guarded by this. */
    private @Nullable AsyncContext async;

    /** The thread that raises it from zero writes. */
    private final AtomicInteger writing = new AtomicInteger();

    /** Held while the container's request and response are in use. Writing without the request's thread does not wait. */
    private final ReentrantLock use = new ReentrantLock();

    /** Changed under the lock of use. */
    private volatile boolean over;

    /** Whether the container knows that it is over. Guarded by use. */
    private boolean completed;

    // Used by the thread that writes.

    private @Nullable ServletOutputStream out;

    private byte @Nullable [] single;

    /** Being written, from the offset on. */
    private byte @Nullable [] taken;

    private int offset;

    private volatile EventStream.@Nullable Cursor events;

    private boolean listening;

    private boolean unflushed;

    private volatile boolean failed;

    private boolean slow;

    private int atOnceLeft = AT_ONCE;

    private long atOnceSince;

    ServletWriter(HttpServletRequest request, HttpServletResponse response, HttpExchange exchange, Ticker ticker) {
        this.ticker = ticker;
        this.atOnceSince = ticker.read();
        this.request = request;
        this.response = response;
        this.exchange = exchange;
    }

    void respond(Response known) {
        synchronized (this) {
            how = known;
            if (inside && known instanceof Response.Single) {
                return;
            }
            startAsync();
        }
        write();
    }

    /** The request's thread leaves. */
    void release() throws IOException {
        Response.Single whole;
        synchronized (this) {
            inside = false;
            whole = how instanceof Response.Single known && isSmall(known) ? known : null;
            if (whole == null) {
                startAsync();
            }
        }
        if (whole == null) {
            write();
            return;
        }
        try {
            head(whole);
            if (whole.body() != null) {
                response.getOutputStream().write(whole.body());
            }
            exchange.written();
        } finally {
            exchange.closed();
        }
    }

    private static boolean isSmall(Response.Single whole) {
        return whole.body() == null || whole.body().length <= AT_ONCE;
    }

    private void head(Response.Single whole) {
        response.setStatus(whole.status());
        whole.headers().forEach(response::setHeader);
        if (whole.body() != null) {
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.setContentLength(whole.body().length);
        }
    }

    /** By Spring's request, so that its filters know. Guarded by this. */
    private void startAsync() {
        if (async != null) {
            return;
        }
        ShallowEtagHeaderFilter.disableContentCaching(request);
        AsyncWebRequest spring = WebAsyncUtils.getAsyncManager(request).getAsyncWebRequest();
        Objects.requireNonNull(spring, "Spring's handler adapter has made no asynchronous request")
                .startAsync();
        AsyncContext started = request.getAsyncContext();
        started.setTimeout(0);
        started.addListener(this);
        async = started;
    }

    @Override
    public void available() {
        write();
    }

    @Override
    public void cut() {
        failed = true;
        write();
    }

    @Override
    public void onWritePossible() {
        write();
    }

    /** Only one thread writes; one that comes meanwhile makes it look once more. */
    private void write() {
        if (how == null || writing.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        do {
            if (!inside) {
                listen();
            }
            boolean ended = false;
            boolean flushed = false;
            use.lock();
            try {
                if (!over) {
                    ended = failed || writeWhatThereIs(Objects.requireNonNull(how));
                    flushed = !failed;
                }
            } catch (IOException | RuntimeException e) {
                ended = true;
            } finally {
                use.unlock();
            }
            if (ended) {
                finish(flushed);
            }
            seen = writing.addAndGet(-seen);
        } while (seen > 0);
    }

    /** Without the lock: the container may wait for the request's thread here, which may wait for us. */
    private void listen() {
        if (listening || over) {
            return;
        }
        listening = true;
        try {
            // It may tell on this very thread that writing is possible.
            response.getOutputStream().setWriteListener(this);
        } catch (IOException | RuntimeException e) {
            failed = true;
        }
    }

    /** Returns whether everything has been written. */
    private boolean writeWhatThereIs(Response known) throws IOException {
        if (out == null) {
            if (inside && !isPost()) {
                return false;
            }
            out = begin(known);
        }
        ServletOutputStream stream = out;
        while (true) {
            boolean atOnce = inside;
            if (atOnce && !mayWriteAtOnce()) {
                if (unflushed && !slow) {
                    flush(stream);
                }
                return false;
            }
            if (!atOnce && !(listening && stream.isReady())) {
                return false;
            }
            long begun = atOnce ? ticker.read() : 0;
            byte[] next = taken == null ? take() : taken;
            if (next != null) {
                write(stream, next);
            }
            if (unflushed && (next == null || EventStream.isComment(next))) {
                // Its failure tells that the client has gone: after a comment, before the next event is written.
                flush(stream);
            } else if (next == null) {
                return isComplete();
            }
            if (atOnce && ticker.read() - begun > SLOW_NANOS) {
                slow = true;
            }
        }
    }

    /** In slices: what a container does not write at once it copies. */
    private void write(ServletOutputStream stream, byte[] bytes) throws IOException {
        int length = Math.min(SLICE, bytes.length - offset);
        stream.write(bytes, offset, length);
        unflushed = true;
        offset += length;
        taken = offset < bytes.length ? bytes : null;
        EventStream.Cursor cursor = events;
        if (cursor != null) {
            cursor.progressed();
        }
        if (taken == null) {
            offset = 0;
        }
    }

    private void flush(ServletOutputStream stream) throws IOException {
        unflushed = false;
        stream.flush();
    }

    private boolean isPost() {
        return "POST".equals(request.getMethod());
    }

    /** A little, and only while the handler goes on: the rest can wait until the container says when. */
    private boolean mayWriteAtOnce() {
        EventStream.Cursor cursor = events;
        if (slow || cursor == null || cursor.hasEnded()) {
            return false;
        }
        long now = ticker.read();
        if (now - atOnceSince >= SECOND_NANOS) {
            atOnceSince = now;
            atOnceLeft = AT_ONCE;
        }
        int size = cursor.nextSize();
        if (size > atOnceLeft) {
            return false;
        }
        atOnceLeft -= size;
        return true;
    }

    private ServletOutputStream begin(Response known) throws IOException {
        if (known instanceof Response.Single whole) {
            head(whole);
            single = whole.body();
        } else if (known instanceof Response.Stream stream) {
            response.setStatus(HttpServletResponse.SC_OK);
            stream.headers().forEach(response::setHeader);
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
            // Proxies that collect what they pass on would hold events back.
            response.setHeader("X-Accel-Buffering", "no");
            events = stream.read(this);
        }
        return response.getOutputStream();
    }

    private byte @Nullable [] take() {
        byte[] whole = single;
        EventStream.Cursor cursor = events;
        if (whole != null) {
            single = null;
            return whole;
        }
        return cursor == null ? null : cursor.take();
    }

    private boolean isComplete() {
        EventStream.Cursor cursor = events;
        return cursor == null || cursor.isOver();
    }

    /** Ends the response; further calls do nothing. */
    private void finish(boolean flushed) {
        use.lock();
        try {
            if (over) {
                return;
            }
            over = true;
        } finally {
            use.unlock();
        }
        closed(flushed);
        complete();
    }

    /** Once: later the same request may be another client's. */
    private void complete() {
        AsyncContext started;
        synchronized (this) {
            started = async;
        }
        use.lock();
        try {
            if (!completed && started != null) {
                completed = true;
                started.complete();
            }
        } catch (IllegalStateException e) {
            // The container has ended it already.
        } finally {
            use.unlock();
        }
    }

    /** The container ends the response, and is told that we know before it goes on. */
    private void ended() {
        use.lock();
        try {
            over = true;
        } finally {
            use.unlock();
        }
        closed(false);
        complete();
    }

    private void closed(boolean flushed) {
        EventStream.Cursor cursor = events;
        if (cursor != null) {
            cursor.close(flushed);
        } else if (flushed) {
            exchange.written();
        }
        exchange.closed();
    }

    @Override
    public void onError(Throwable error) {
        ended();
    }

    @Override
    public void onError(AsyncEvent event) {
        ended();
        use.lock();
        try {
            // Tomcat forgets that it is complete, if we have said so in the write listener, and would show its error
            // page.
            event.getAsyncContext().complete();
        } catch (IllegalStateException e) {
            // It has not forgotten it.
        } finally {
            use.unlock();
        }
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        ended();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        use.lock();
        try {
            over = true;
            completed = true;
        } finally {
            use.unlock();
        }
        closed(false);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nobody starts it a second time.
    }
}
