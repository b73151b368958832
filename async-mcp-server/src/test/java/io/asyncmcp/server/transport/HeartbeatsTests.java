package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatsTests {

    private final Ticks timer = new Ticks();

    private final Queue<Runnable> delivery = new ArrayDeque<>();

    private boolean shutDown;

    private final Heartbeats heartbeats = new Heartbeats(Duration.ofSeconds(3), timer, task -> {
        if (shutDown) {
            throw new RejectedExecutionException();
        }
        delivery.add(task);
    });

    private final AtomicInteger comments = new AtomicInteger();

    @AfterEach
    void close() {
        heartbeats.close();
        assertThat(timer.isShutdown()).isTrue();
    }

    @Test
    void silentStreamIsCommentedOnBeforeTwoIntervalsAreOver() {
        heartbeats.open(comments::incrementAndGet);
        beat();
        assertThat(comments).as("just opened").hasValue(0);
        beat();
        assertThat(comments).hasValue(1);
        beat();
        assertThat(comments).hasValue(2);
    }

    @Test
    void streamOnWhichSomethingWasSentNeedsNoComment() {
        Heartbeats.Stream stream = heartbeats.open(comments::incrementAndGet);
        for (int i = 0; i < 5; i++) {
            stream.sent();
            beat();
        }
        assertThat(comments).hasValue(0);
        beat();
        assertThat(comments).hasValue(1);
    }

    @Test
    void closedStreamIsLeftAlone() {
        Heartbeats.Stream stream = heartbeats.open(comments::incrementAndGet);
        beat();
        stream.close();
        beat();
        assertThat(comments).hasValue(0);
    }

    @Test
    void clientThatDoesNotReadIsSentOneComment() {
        heartbeats.open(comments::incrementAndGet);
        for (int i = 0; i < 10; i++) {
            timer.task.run();
        }
        assertThat(delivery).hasSize(1);
        beat();
        beat();
        assertThat(comments).as("as soon as it reads").hasValue(2);
    }

    @Test
    void commentThatFailsEndsNothing() {
        heartbeats.open(() -> {
            comments.incrementAndGet();
            throw new IllegalStateException("lost");
        });
        beat();
        timer.task.run();
        assertThat(CompletableFuture.runAsync(delivery.remove(), Runnable::run)).isCompletedExceptionally();
        timer.task.run();
        assertThat(delivery).hasSize(1);
    }

    @Test
    void shutdownOfTheThreadsThatWriteIsNoFailure() {
        heartbeats.open(comments::incrementAndGet);
        shutDown = true;
        beat();
        beat();
        beat();
        assertThat(comments).hasValue(0);
    }

    private void beat() {
        timer.task.run();
        while (!delivery.isEmpty()) {
            delivery.remove().run();
        }
    }

    /** Runs its one task when it is told to. */
    private static final class Ticks extends ScheduledThreadPoolExecutor {

        private Runnable task = () -> {};

        Ticks() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(
                Runnable command, long initialDelay, long delay, TimeUnit unit) {
            task = command;
            return super.schedule(() -> {}, 1, TimeUnit.DAYS);
        }
    }
}
