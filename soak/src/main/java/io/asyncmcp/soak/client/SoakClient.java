package io.asyncmcp.soak.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/** A client that makes one call after the other. Not thread-safe. */
public abstract class SoakClient {

    /** Longer than any request of this server may take: what is not answered then hangs. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** After an end: the lifetime and the retention, which is how long a task is promised, and two rounds of the clean-up. */
    private static final Duration EXPIRY = Duration.ofSeconds(12);

    /** Every failure that is meant to be says one of these. */
    private static final List<String> KNOWN_FAILURES = List.of("meant to fail: ", "lifetime", "must not exceed");

    /** What a question is answered with. */
    static final Map<String, Object> YES = Map.<String, Object>of("action", "accept", "content", Map.of("yes", true));

    /** Less than it is told, so that there is always somebody at the limits. */
    private static final int AFTER_REFUSAL_MILLIS = 300;

    private final Face face;

    private final Plans plans;

    private final Tally tally;

    private final Book book;

    private final Queue<Past> past = new ArrayDeque<>();

    private record Past(String handle, long due) {}

    SoakClient(Face face, Plans plans, Tally tally, Book book) {
        this.face = face;
        this.plans = plans;
        this.tally = tally;
        this.book = book;
    }

    /** Connects, makes calls until it is over, and takes leave of the server, of abandoned sessions too. */
    public final void run(BooleanSupplier over) {
        Plan plan = plans.next();
        try {
            connect();
            for (; !over.getAsBoolean(); plan = plans.next()) {
                follow(plan);
            }
            disconnect();
        } catch (Exception e) {
            tally.unexpected(face, plan, e);
        }
    }

    private void follow(Plan plan) throws Exception {
        Fate fate = Fate.LOST;
        try {
            fate = perform(plan);
        } catch (Exception e) {
            tally.unexpected(face, plan, e);
        }
        book.note(plan, fate);
        if (fate == Fate.REFUSED) {
            pause(AFTER_REFUSAL_MILLIS);
        }
        try {
            Past first = past.peek();
            if (first != null && first.due() < System.nanoTime()) {
                past.remove();
                askForExpired(first.handle());
                count(Event.ASKED_FOR_WHAT_HAD_EXPIRED);
            }
            restart(plan.afterwards());
        } catch (Exception e) {
            tally.unexpected(face, plan, e);
        }
    }

    abstract void connect() throws Exception;

    abstract Fate perform(Plan plan) throws Exception;

    /** Throws if the operation is still known. */
    abstract void askForExpired(String handle) throws Exception;

    abstract void restart(Plan.Afterwards afterwards) throws Exception;

    abstract void disconnect() throws Exception;

    final void count(Event event) {
        tally.count(face, event);
    }

    /** Has this handle asked for again when nobody should know it any more. */
    final void forget(String handle) {
        past.add(new Past(handle, System.nanoTime() + EXPIRY.toNanos()));
    }

    /** What a tool's result, or what is said in its place, means for the operation. */
    final Fate end(Plan plan, Reply reply) {
        if (reply.isBusy()) {
            count(Event.REFUSED);
            return Fate.REFUSED;
        }
        if (reply.status().equals("cancelled")) {
            return Fate.CANCELLED;
        }
        if (reply.status().equals("completed")) {
            count(Event.CAME_TOO_LATE_FOR_A_RESULT);
            return Fate.COMPLETED;
        }
        if (reply.isError()) {
            failed(reply.text());
            return Fate.FAILED;
        }
        if (!reply.status().isEmpty() || !reply.text().startsWith(plan.key())) {
            throw new Unexpected("not this tool's result", reply);
        }
        return Fate.COMPLETED;
    }

    final void failed(String text) {
        if (KNOWN_FAILURES.stream().noneMatch(text::contains)) {
            throw new Unexpected("a failure that was not meant to be", text);
        }
        count(text.contains("lifetime") ? Event.SAW_A_LIFETIME_END : Event.SAW_A_TOOL_FAIL);
    }

    static void pause(int millis) throws InterruptedException {
        Thread.sleep(millis);
    }
}
