package io.asyncmcp;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncmcp.stress.HandTimer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/** Of the time-outs that share a slot each comes once, unless it was taken back. */
public final class Slots {

    private static final Duration SOON = Duration.ofMillis(5);

    private static final Duration LATER = Duration.ofMillis(30);

    private Slots() {}

    /** Two time-outs in one slot. */
    static class Slot {

        final HandTimer timer = new HandTimer();

        final Timeouts timeouts = new Timeouts(timer, Runnable::run, timer);

        final Counting first = set(new Counting());

        final Counting second = set(new Counting());

        final Counting third = new Counting();

        Counting set(Counting timeout) {
            timeouts.set(timeout, SOON);
            return timeout;
        }

        void tell(LLLL_Result r) {
            timer.advance(LATER);
            r.r1 = first.times.get();
            r.r2 = second.times.get();
            r.r3 = third.times.get();
            r.r4 = timeouts.size();
        }
    }

    static final class Counting extends Timeouts.Timeout {

        private final AtomicInteger times = new AtomicInteger();

        @Override
        void due() {
            times.incrementAndGet();
        }
    }

    @JCStressTest
    @Description("A time-out is set in a slot that becomes due.")
    @Outcome(id = "1, 1, 1, 0", expect = ACCEPTABLE, desc = "It comes, with the others or after them.")
    @Outcome(expect = FORBIDDEN, desc = "One is lost, or comes twice.")
    @State
    public static class SetAndDue extends Slot {

        @Actor
        public void set() {
            set(third);
        }

        @Actor
        public void due() {
            timer.advance(LATER);
        }

        @Arbiter
        public void look(LLLL_Result r) {
            tell(r);
        }
    }

    @JCStressTest
    @Description("A time-out is taken back while its slot becomes due.")
    @Outcome(id = "0, 1, 0, 0", expect = ACCEPTABLE, desc = "It was taken back.")
    @Outcome(id = "1, 1, 0, 0", expect = ACCEPTABLE, desc = "It was due already.")
    @Outcome(expect = FORBIDDEN, desc = "The other one is lost, or one comes twice.")
    @State
    public static class TakeBackAndDue extends Slot {

        @Actor
        public void takeBack() {
            first.takeBack();
        }

        @Actor
        public void due() {
            timer.advance(LATER);
        }

        @Arbiter
        public void look(LLLL_Result r) {
            tell(r);
        }
    }

    @JCStressTest
    @Description("A time-out is taken back while another is set in the same slot.")
    @Outcome(id = "1, 0, 1, 0", expect = ACCEPTABLE, desc = "Only the one that was taken back does not come.")
    @Outcome(expect = FORBIDDEN, desc = "Another one is lost, or the one that was taken back comes.")
    @State
    public static class TakeBackAndSet extends Slot {

        @Actor
        public void takeBack() {
            second.takeBack();
        }

        @Actor
        public void set() {
            set(third);
        }

        @Arbiter
        public void look(LLLL_Result r) {
            tell(r);
        }
    }

    @JCStressTest
    @Description("Two neighbours of a slot are taken back.")
    @Outcome(id = "0, 0, 0, 0", expect = ACCEPTABLE, desc = "Both are gone.")
    @Outcome(expect = FORBIDDEN, desc = "One comes all the same.")
    @State
    public static class TakeBackAndTakeBack extends Slot {

        @Actor
        public void one() {
            first.takeBack();
        }

        @Actor
        public void other() {
            second.takeBack();
        }

        @Arbiter
        public void look(LLLL_Result r) {
            tell(r);
        }
    }
}
