package io.asyncmcp.sample.waiting;

import java.time.Duration;

/** How time passes: by sleeping, or in tests by moving a clock. */
interface Pause {

    /** Returns a reading of a clock that never goes back. */
    long nanoTime();

    void sleep(Duration duration) throws InterruptedException;

    /** The pause of real life. */
    Pause REAL = new Pause() {

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            // Milliseconds alone would turn a fraction of one into no sleep at all, and the loop into a busy one.
            Thread.sleep(duration.toMillis(), duration.toNanosPart() % 1_000_000);
        }
    };
}
