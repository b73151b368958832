package io.asyncmcp.web.reactive;

import io.asyncmcp.server.http.EventStream;
import io.asyncmcp.server.http.HttpExchange.Response;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Publishes the events of a stream, each taken at its turn: what waits for a slow client stays in the stream. */
final class EventPublisher implements Publisher<Publisher<byte[]>>, Subscription, EventStream.Reader {

    private final Response.Stream stream;

    private final AtomicLong requested = new AtomicLong();

    /** The thread that raises it from zero emits. */
    private final AtomicInteger emitting = new AtomicInteger();

    private @Nullable Subscriber<? super Publisher<byte[]>> subscriber;

    /** Set once the subscriber knows of its subscription: nothing may be emitted before. */
    private volatile EventStream.@Nullable Cursor cursor;

    private volatile boolean done;

    /** Whether an event has been passed on that has not been taken yet. */
    private volatile boolean turn;

    private final CompletableFuture<@Nullable Void> cut = new CompletableFuture<>();

    EventPublisher(Response.Stream stream) {
        this.stream = stream;
    }

    @Override
    public void subscribe(Subscriber<? super Publisher<byte[]>> wanted) {
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
        cut.complete(null);
    }

    /** Ends when the client counts as gone. */
    CompletionStage<@Nullable Void> whenCut() {
        return cut;
    }

    void progressed() {
        EventStream.Cursor from = cursor;
        if (from != null) {
            from.progressed();
        }
    }

    void written() {
        EventStream.Cursor from = cursor;
        if (from != null) {
            from.close(true);
        }
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

    private void emitWhatThereIs(Subscriber<? super Publisher<byte[]>> to, EventStream.Cursor from) {
        while (!done) {
            if (turn) {
                return;
            }
            if (from.hasNext()) {
                if (requested.get() == 0) {
                    return;
                }
                requested.decrementAndGet();
                turn = true;
                to.onNext(Mono.fromSupplier(() -> taken(from)));
            } else {
                if (from.isOver()) {
                    done = true;
                    to.onComplete();
                }
                return;
            }
        }
    }

    private byte @Nullable [] taken(EventStream.Cursor from) {
        byte[] event = from.take();
        turn = false;
        emit();
        return event;
    }
}
