package io.asyncmcp.sample.client;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints what happens, and when. Thread-safe. */
final class Timeline {

    private static final long PROGRESS_INTERVAL = Duration.ofSeconds(3).toNanos();

    private final PrintStream out;

    private final long start = System.nanoTime();

    /** Guarded by this. */
    private long nextProgress;

    Timeline(PrintStream out) {
        this.out = out;
    }

    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    synchronized void say(String format, @Nullable Object... values) {
        out.printf(Locale.ROOT, "%7.1f s  %s%n", seconds(), String.format(Locale.ROOT, format, values));
    }

    /** Keeps quiet about the progress of a request that ends soon. */
    synchronized void requestStarts() {
        nextProgress = System.nanoTime() + PROGRESS_INTERVAL;
    }

    /** Prints a report of progress, unless another was printed a moment ago. */
    synchronized void progress(String report) {
        long now = System.nanoTime();
        if (now - nextProgress >= 0) {
            nextProgress = now + PROGRESS_INTERVAL;
            say("    progress: %s", report);
        }
    }
}
