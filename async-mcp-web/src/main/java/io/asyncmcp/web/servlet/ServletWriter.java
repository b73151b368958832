package io.asyncmcp.web.servlet;

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
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.context.request.async.AsyncWebRequest;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * Writes the response of one exchange to a servlet container. Without the request's thread, writing never blocks: the container
 * says when it takes more.
 *
 * <p>A response that is there when the request's thread leaves is written by that thread, without more ado. What a handler says
 * while it holds that thread is written at once, because the container tells of nothing before the thread is back.
 *
 * <p>Thread-safe. The container's methods that may wait for the request's thread are called without a lock.
 */
final class ServletWriter implements WriteListener, AsyncListener, EventStream.Reader {

    /** What every container takes before it writes. */
    private static final int AT_ONCE = 8 * 1024;

    private final HttpServletRequest request;

    private final HttpServletResponse response;

    private final HttpExchange exchange;

    /** Whether the request's thread is still here. Changed under the lock of this. */
    private volatile boolean inside = true;

    /** Changed under the lock of this. */
    private volatile @Nullable Response how;

    /** Guarded by this. */
    private @Nullable AsyncContext async;

    /** Who raises it from zero writes. */
    private final AtomicInteger writing = new AtomicInteger();

    // Used by who writes.

    private @Nullable ServletOutputStream out;

    private byte @Nullable [] single;

    private volatile EventStream.@Nullable Cursor events;

    private boolean listening;

    private boolean unflushed;

    private volatile boolean failed;

    private volatile boolean over;

    ServletWriter(HttpServletRequest request, HttpServletResponse response, HttpExchange exchange) {
        this.request = request;
        this.response = response;
        this.exchange = exchange;
    }

    /** It is known how the request is responded to. */
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

    /** One thread at a time; who comes meanwhile makes it look once more. */
    private void write() {
        if (how == null || writing.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        do {
            if (!over) {
                try {
                    writeWhatThereIs(Objects.requireNonNull(how));
                } catch (IOException | RuntimeException e) {
                    finish(false);
                }
            }
            seen = writing.addAndGet(-seen);
        } while (seen > 0);
    }

    private void writeWhatThereIs(Response known) throws IOException {
        if (failed) {
            finish(false);
            return;
        }
        ServletOutputStream stream = out == null ? begin(known) : out;
        boolean atOnce = inside;
        if (!atOnce && !listening) {
            listening = true;
            // It may tell on this very thread that writing is possible.
            stream.setWriteListener(this);
        }
        while (atOnce || stream.isReady()) {
            byte[] next = take();
            if (next != null) {
                stream.write(next);
                unflushed = true;
            }
            if (unflushed && (next == null || EventStream.isComment(next))) {
                // Its failure tells that the client has gone: after a comment, before the next event is written.
                unflushed = false;
                stream.flush();
            } else if (next == null) {
                if (isComplete()) {
                    finish(true);
                }
                return;
            }
        }
    }

    private ServletOutputStream begin(Response known) throws IOException {
        if (known instanceof Response.Single whole) {
            head(whole);
            single = whole.body();
        } else {
            response.setStatus(HttpServletResponse.SC_OK);
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
            // Proxies that collect what they pass on would hold events back.
            response.setHeader("X-Accel-Buffering", "no");
            events = ((Response.Stream) known).events().read(this);
        }
        ServletOutputStream opened = response.getOutputStream();
        out = opened;
        return opened;
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

    /** Ends the response; once is enough. */
    private void finish(boolean flushed) {
        AsyncContext started;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            started = async;
        }
        closed(flushed);
        if (started != null) {
            try {
                started.complete();
            } catch (IllegalStateException e) {
                // The container has ended it already.
            }
        }
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
        finish(false);
    }

    @Override
    public void onError(AsyncEvent event) {
        finish(false);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        finish(false);
    }

    @Override
    public void onComplete(AsyncEvent event) {
        synchronized (this) {
            over = true;
        }
        closed(false);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nobody starts it a second time.
    }
}
