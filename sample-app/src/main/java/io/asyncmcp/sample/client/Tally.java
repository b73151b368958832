package io.asyncmcp.sample.client;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts how calls came out. Thread-safe. */
final class Tally {

    private static final int REPORT_EVERY = 100;

    private static final int COMPLAINTS = 5;

    private final int calls;

    private final Timeline timeline;

    private final AtomicInteger inline = new AtomicInteger();

    private final AtomicInteger handles = new AtomicInteger();

    private final AtomicInteger busy = new AtomicInteger();

    private final AtomicInteger timeouts = new AtomicInteger();

    private final AtomicInteger right = new AtomicInteger();

    private final AtomicInteger mixedUp = new AtomicInteger();

    private final AtomicInteger lost = new AtomicInteger();

    Tally(int calls, Timeline timeline) {
        this.calls = calls;
        this.timeline = timeline;
    }

    void inline() {
        inline.incrementAndGet();
    }

    void handle() {
        int count = handles.incrementAndGet();
        if (count % REPORT_EVERY == 0) {
            timeline.say("%d handles", count);
        }
    }

    void busy() {
        busy.incrementAndGet();
    }

    void timeout() {
        timeouts.incrementAndGet();
    }

    void right() {
        int count = right.incrementAndGet();
        if (count % REPORT_EVERY == 0) {
            timeline.say("%d answers", count);
        }
    }

    void mixedUp(String label, String answer) {
        if (mixedUp.incrementAndGet() <= COMPLAINTS) {
            timeline.say("MIXED UP: %s got \"%s\"", label, answer);
        }
    }

    void lost(String label, String reason) {
        if (lost.incrementAndGet() <= COMPLAINTS) {
            timeline.say("LOST: %s, because %s", label, reason);
        }
    }

    /** Prints the counts and tells whether every call got its own answer. */
    boolean print() {
        // A call that is still under way when patience ends is lost as well.
        int missing = calls - right.get() - mixedUp.get();
        timeline.say("%d calls: %d answered inline, %d through a handle", calls, inline.get(), handles.get());
        timeline.say("%d busy answers, tried again; %d requests timed out", busy.get(), timeouts.get());
        timeline.say("%d right, %d mixed up, %d lost", right.get(), mixedUp.get(), missing);
        boolean passed = right.get() == calls;
        timeline.say(passed ? "PASSED" : "FAILED");
        return passed;
    }
}
