package io.asyncmcp.web.reactive;

import io.asyncmcp.server.http.EventStream;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;

/** The events of a stream as they are asked for, for one subscriber. */
final class EventPublisher implements Publisher<byte[]>, Subscription, EventStream.Reader {

    private final EventStream stream;

    private final AtomicLong requested = new AtomicLong();

    /** Who raises it from zero emits. */
    private final AtomicInteger emitting = new AtomicInteger();

    private @Nullable Subscriber<? super byte[]> subscriber;

    /** There once the subscriber knows of its subscription: before that nothing may be emitted. */
    private volatile EventStream.@Nullable Cursor cursor;

    private volatile boolean done;

    private volatile boolean cut;

    EventPublisher(EventStream stream) {
        this.stream = stream;
    }

    @Override
    public void subscribe(Subscriber<? super byte[]> wanted) {
        subscriber = wanted;
        wanted.onSubscribe(this);
        EventStream.Cursor opened = stream.read(this);
        cursor = opened;
        if (done) {
            opened.close(false);
        }
        emit();
    }

    @Override
    public void request(long count) {
        requested.updateAndGet(before -> Operators.addCap(before, count));
        emit();
    }

    @Override
    public void available() {
        emit();
    }

    @Override
    public void cut() {
        cut = true;
        emit();
    }

    @Override
    public void cancel() {
        done = true;
        EventStream.Cursor from = cursor;
        if (from != null) {
            from.close(false);
        }
    }

    private void emit() {
        if (emitting.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        do {
            EventStream.Cursor from = cursor;
            if (from != null) {
                emitWhatThereIs(Objects.requireNonNull(subscriber), from);
            }
            seen = emitting.addAndGet(-seen);
        } while (seen > 0);
    }

    private void emitWhatThereIs(Subscriber<? super byte[]> to, EventStream.Cursor from) {
        while (!done) {
            if (cut) {
                done = true;
                from.close(false);
                to.onError(new CancellationException("the client does not read"));
                return;
            }
            byte[] next = requested.get() > 0 ? from.take() : null;
            if (next != null) {
                requested.decrementAndGet();
                to.onNext(next);
            } else {
                if (from.isOver()) {
                    done = true;
                    from.close(true);
                    to.onComplete();
                }
                return;
            }
        }
    }
}
