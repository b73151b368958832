package io.asyncmcp.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.store.InMemoryOperationStore;
import io.asyncmcp.store.OperationRecord;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLLL_Result;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** A record changes by compare-and-set, and the store keeps count of what it holds. */
public final class Records {

    private Records() {}

    private static Operation with(Operation now, OperationStatus status, @Nullable Object result) {
        return new Operation(
                now.id(),
                now.type(),
                now.owner(),
                status,
                now.createdAt(),
                now.updatedAt(),
                status.isTerminal() ? Instant.EPOCH : null,
                null,
                null,
                List.of(),
                result,
                false,
                null);
    }

    private static Operation queued() {
        return new Operation(
                null,
                "race",
                OperationOwner.APPLICATION,
                OperationStatus.QUEUED,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                null,
                List.of(),
                null,
                false,
                null);
    }

    private static Operation working(OperationRecord record) {
        Operation now = record.current();
        Operation next = with(now, OperationStatus.WORKING, null);
        record.compareAndSet(now, next);
        return next;
    }

    @JCStressTest
    @Description("Two writers change a record from the same snapshot.")
    @Outcome(id = "true, false, COMPLETED done, 4", expect = ACCEPTABLE, desc = "The result won, and counts.")
    @Outcome(id = "false, true, CANCELLED, 0", expect = ACCEPTABLE, desc = "The cancellation won.")
    @Outcome(expect = FORBIDDEN, desc = "Both won, or neither, or the loser left something.")
    @State
    public static class CompareAndSet {

        private final InMemoryOperationStore store =
                new InMemoryOperationStore(Arena.RETENTION, new HandTimer(), 100_000, result -> 4);

        private final OperationRecord record = store.create(queued());

        private final Operation before;

        public CompareAndSet() {
            record.publish();
            before = working(record);
        }

        @Actor
        public void complete(LLLL_Result r) {
            r.r1 = record.compareAndSet(before, with(before, OperationStatus.COMPLETED, "done"));
        }

        @Actor
        public void cancel(LLLL_Result r) {
            r.r2 = record.compareAndSet(before, with(before, OperationStatus.CANCELLED, null));
        }

        @Arbiter
        public void look(LLLL_Result r) {
            r.r3 = Arena.describe(record.current());
            r.r4 = store.resultMemory().bytes();
        }
    }

    @JCStressTest
    @Description("A record is published while it ends; later its retention is over.")
    @Outcome(
            id = "same, COMPLETED done, 4, 1, 0",
            expect = ACCEPTABLE,
            desc = "Found, counted once, and gone in the end.")
    @Outcome(expect = FORBIDDEN, desc = "The id leads nowhere, the result counts twice or never, or it stays for ever.")
    @State
    public static class PublishAndEnd {

        private final HandTimer timer = new HandTimer();

        private final InMemoryOperationStore store =
                new InMemoryOperationStore(Arena.RETENTION, timer, 100_000, result -> 4);

        private final OperationRecord record = store.create(queued());

        private String id = "";

        public PublishAndEnd() {
            working(record);
        }

        @Actor
        public void publish() {
            id = record.publish().requireId();
        }

        @Actor
        public void end() {
            Operation now = record.current();
            while (!record.compareAndSet(now, with(now, OperationStatus.COMPLETED, "done"))) {
                now = record.current();
            }
        }

        @Arbiter
        public void look(LLLLL_Result r) {
            r.r1 = store.find(id).filter(record::equals).isPresent() ? "same" : "lost";
            r.r2 = Arena.describe(record.current());
            r.r3 = store.resultMemory().bytes();
            timer.advance(Arena.RETENTION.plusSeconds(1));
            r.r4 = store.expire();
            r.r5 = store.size() + store.resultMemory().bytes();
        }
    }

    @JCStressTest
    @Description("Two publish the same record.")
    @Outcome(id = "same, found, 1", expect = ACCEPTABLE, desc = "There is one id.")
    @Outcome(expect = FORBIDDEN, desc = "There are two, or one leads nowhere.")
    @State
    public static class PublishAndPublish {

        private final InMemoryOperationStore store = new InMemoryOperationStore(Arena.RETENTION, new HandTimer());

        private final OperationRecord record = store.create(queued());

        private String one = "";

        private String other = "";

        private boolean found = true;

        @Actor
        public void one() {
            one = record.publish().requireId();
        }

        @Actor
        public void other() {
            other = record.publish().requireId();
            // Its caller hands the id out, and may be asked for it at once.
            found = store.find(other).isPresent();
        }

        @Arbiter
        public void look(LLL_Result r) {
            r.r1 = one.equals(other) ? "same" : "two";
            r.r2 = found && store.find(one).isPresent() ? "found" : "lost";
            r.r3 = store.size();
        }
    }

    @JCStressTest
    @Description("Somebody publishes once more what has ended, while it is cleared away.")
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "It went, once.")
    @Outcome(expect = FORBIDDEN, desc = "It is there again, and nobody will clear it away.")
    @State
    public static class PublishAndClearAway {

        private final HandTimer timer = new HandTimer();

        private final InMemoryOperationStore store = new InMemoryOperationStore(Arena.RETENTION, timer);

        private final OperationRecord record = store.create(queued());

        public PublishAndClearAway() {
            record.publish();
            Operation before = working(record);
            record.compareAndSet(before, with(before, OperationStatus.COMPLETED, "done"));
            timer.advance(Arena.RETENTION);
        }

        @Actor
        public void publish() {
            record.publish();
        }

        @Actor
        public void clear(LLL_Result r) {
            r.r1 = store.expire();
        }

        @Arbiter
        public void look(LLL_Result r) {
            r.r2 = store.size();
            r.r3 = store.expire();
        }
    }
}
