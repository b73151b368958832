package io.asyncmcp.sample.waiting;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool.McpAnnotations;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.stereotype.Component;

/** Waits, and says how it gets on. */
@Component
public final class WaitForTool {

    private static final double MAX_SECONDS = 600;

    private static final Duration STEP = Duration.ofSeconds(1);

    private final Pause pause;

    public WaitForTool() {
        this(Pause.REAL);
    }

    WaitForTool(Pause pause) {
        this.pause = pause;
    }

    @AsyncTool(
            name = "wait_for",
            description = "Waits for a number of seconds and reports progress every second. For trying things out.",
            annotations =
                    @McpAnnotations(
                            readOnlyHint = true,
                            destructiveHint = false,
                            idempotentHint = true,
                            openWorldHint = false))
    public String waitFor(
            @McpToolParam(description = "How long to wait, in seconds from 0 to 600; fractions are fine")
                    double seconds,
            @McpToolParam(required = false, description = "Comes back with the answer, to tell waits apart") @Nullable
                    String label,
            OperationContext context) {
        if (!(seconds >= 0 && seconds <= MAX_SECONDS)) {
            throw new IllegalArgumentException(
                    "seconds must be from 0 to 600, but was " + seconds + "; choose a number in between");
        }
        waitUntilOver(seconds, context);
        String waited = String.format(Locale.ROOT, "Waited for %s seconds.", plain(seconds));
        return label == null ? waited : label + ": " + waited;
    }

    /** Sleeps in steps of a second; cancellation interrupts the thread, so it does not wait for the step to end. */
    private void waitUntilOver(double seconds, OperationContext context) {
        long wanted = Math.round(seconds * Duration.ofSeconds(1).toNanos());
        long start = pause.nanoTime();
        long passed = 0;
        while (passed < wanted) {
            context.throwIfCancelled();
            try {
                pause.sleep(Duration.ofNanos(Math.min(STEP.toNanos(), wanted - passed)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("the wait was interrupted");
            }
            passed = pause.nanoTime() - start;
            report(Math.min(passed, wanted) / 1e9, seconds, context);
        }
    }

    private static void report(double passed, double seconds, OperationContext context) {
        double tenths = Math.round(passed * 10) / 10.0;
        context.progress(
                tenths, seconds, String.format(Locale.ROOT, "waited %.0f of %s seconds", passed, plain(seconds)));
    }

    private static String plain(double seconds) {
        return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
    }
}
