package io.asyncmcp.server.tool;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.TextLimit;
import io.asyncmcp.server.WaitBudgets;
import io.asyncmcp.server.exchange.ToolCall;
import io.asyncmcp.server.transport.RequestStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says how long clients wait, by what {@link WaitBudgets} knows of their names and by what they have shown.
 *
 * <p>A client that gave a request up is answered sooner from then on, so that its next call gets a handle in time. This holds for
 * its session: for ten minutes at first, as a user may have stopped the call, and longer each time it is seen again. What three
 * sessions of one name show holds for all of that name, but not below {@link #LEAST_FOR_OTHERS}: anybody may use any name. The same
 * bound holds for strangers without a session: several may share an address. Authenticated callers learn apart from each other and
 * from strangers. Memory is bounded. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ClientPatience {

    /** No limit is shorter: a client that goes earlier did not wait for an answer. */
    static final Duration LEAST_LIMIT = Duration.ofSeconds(1);

    /** Equal calls closer to each other are meant to run side by side; no client is known whose limit is shorter. */
    static final Duration LEAST_TO_CALL_AGAIN = Duration.ofSeconds(4);

    /** A stranger cannot cut the wait of others below this. */
    static final Duration LEAST_FOR_OTHERS = Duration.ofSeconds(4);

    static final Duration HOLDS_FIRST = Duration.ofMinutes(10);

    private static final Duration HOLDS_BY_NAME = Duration.ofHours(6);

    private static final Duration REMEMBERED = Duration.ofDays(1);

    private static final int LONGER_EACH_TIME = 6;

    private static final int AGREEING = 3;

    private static final int MAX_SESSIONS = 10_000;

    private static final int MAX_NAMES = 1_000;

    private static final int MAX_NAME_LENGTH = 200;

    private final WaitBudgets budgets;

    private final Duration noticedWithin;

    private final Ticker ticker;

    private final Cache<Subject, Limit> limits;

    /** Who of a name gave up last: each caller once, the oldest first. */
    private final Cache<Subject, List<Shown>> names;

    /** Creates it; {@code noticedWithin} is how long it may take until a closed connection is noticed. */
    public ClientPatience(WaitBudgets budgets, Duration noticedWithin, Ticker ticker) {
        this.budgets = budgets;
        this.noticedWithin = noticedWithin;
        this.ticker = ticker;
        this.limits = cache(MAX_SESSIONS, ticker);
        this.names = cache(MAX_NAMES, ticker);
    }

    private static <V> Cache<Subject, V> cache(int size, Ticker ticker) {
        return Caffeine.newBuilder()
                .maximumSize(size)
                .expireAfterWrite(REMEMBERED)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** Whose patience it is: that of a session, of equal calls without a session, or of all clients of a name. */
    private record Subject(String owner, String kind, String value) {

        static Subject session(OperationOwner owner, ToolCall call) {
            String session = call.sessionId();
            return session != null
                    ? new Subject(scope(owner), "session", session)
                    : new Subject(
                            owner.account().name(),
                            "call",
                            TextLimit.cut(call.clientName(), MAX_NAME_LENGTH)
                                    + '\n'
                                    + call.request().name()
                                    + '\n'
                                    + UnansweredCalls.Key.hash(call.request().arguments()));
        }

        static Subject name(OperationOwner owner, ToolCall call) {
            return new Subject(scope(owner), "name", call.clientName().toLowerCase(Locale.ROOT));
        }

        private static String scope(OperationOwner owner) {
            return owner.kind() == OperationOwner.Kind.PRINCIPAL ? owner.name() : "";
        }
    }

    /** What one subject has shown, and how often; {@code since} and {@code until} are readings of the ticker. */
    private record Limit(Duration budget, int times, long since, long until) {}

    private record Shown(Object by, Duration budget, long until) {}

    /** Returns how long a request may wait for its answer. */
    Duration of(ToolCall call, OperationOwner owner) {
        Duration wait = budgets.of(call.clientName());
        RequestStream stream = call.stream();
        if (stream != null && !stream.isBidirectional()) {
            wait = shorter(wait, budgets.stateless());
        }
        // Hardly ever is there anything: other calls must not pay for a hash.
        if (limits.estimatedSize() == 0) {
            return wait;
        }
        Limit shown = limits.getIfPresent(Subject.session(owner, call));
        if (shown != null && isAhead(shown.until())) {
            // Strangers without a session have nothing that tells them apart.
            boolean shared = call.sessionId() == null && owner.kind() != OperationOwner.Kind.PRINCIPAL;
            wait = shorter(wait, shared ? longer(shown.budget(), LEAST_FOR_OTHERS) : shown.budget());
        }
        return shorter(wait, ofName(names.getIfPresent(Subject.name(owner, call)), wait));
    }

    private Duration ofName(@Nullable List<Shown> sessions, Duration otherwise) {
        List<Duration> waits = sessions == null
                ? List.of()
                : sessions.stream()
                        .filter(shown -> isAhead(shown.until()))
                        .map(Shown::budget)
                        .toList();
        return waits.size() < AGREEING
                ? otherwise
                : Stream.concat(waits.stream(), Stream.of(LEAST_FOR_OTHERS))
                        .max(Duration::compareTo)
                        .orElseThrow();
    }

    /** Learns if the client gives the request up. */
    void watch(ToolCall call, OperationOwner owner) {
        RequestStream stream = call.stream();
        if (stream == null) {
            return;
        }
        long begun = ticker.read();
        stream.abandoned().thenRun(() -> {
            Duration after = Duration.ofNanos(ticker.read() - begun);
            // A lost connection may be noticed late, and a client that cancels says so at once.
            Duration limit = stream.disconnected().toCompletableFuture().isDone()
                    ? longer(LEAST_LIMIT, after.minus(noticedWithin))
                    : after;
            if (after.compareTo(LEAST_LIMIT) >= 0) {
                // It has come back for the reply: it has lost a connection, and not its patience.
                stream.received()
                        .thenRun(learn(call, owner, limit.multipliedBy(3).dividedBy(4), begun));
            }
        });
    }

    /** Anybody can open sessions, so that only a principal's count one by one. */
    private static Object by(Subject session, OperationOwner owner) {
        return owner.kind() == OperationOwner.Kind.PRINCIPAL
                ? session
                : owner.account().name();
    }

    /** Learns that a client made a call again this long after the first, which had no answer; when it gave up is not known. */
    void calledAgain(ToolCall call, OperationOwner owner, Duration after) {
        if (after.compareTo(LEAST_TO_CALL_AGAIN) >= 0) {
            learn(call, owner, after.dividedBy(2), ticker.read() - after.toNanos());
        }
    }

    /** Returns what unlearns it, and may be kept for long: of the call it holds only names. */
    private Runnable learn(ToolCall call, OperationOwner owner, Duration wait, long begun) {
        Subject session = Subject.session(owner, call);
        limits.asMap().compute(session, (same, known) -> limit(known, wait, begun));
        String name = call.clientName();
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            return () -> limits.invalidate(session);
        }
        Subject named = Subject.name(owner, call);
        Object by = by(session, owner);
        Shown shown = new Shown(by, wait, ticker.read() + HOLDS_BY_NAME.toNanos());
        names.asMap().compute(named, (same, known) -> latest(known == null ? List.of() : known, shown));
        return () -> {
            limits.invalidate(session);
            names.asMap().computeIfPresent(named, (same, known) -> without(known, by));
        };
    }

    private static List<Shown> without(List<Shown> known, Object by) {
        return known.stream().filter(shown -> !shown.by().equals(by)).toList();
    }

    private static List<Shown> latest(List<Shown> known, Shown shown) {
        List<Shown> others = without(known, shown.by());
        return Stream.concat(others.stream().skip(Math.max(0, others.size() + 1 - AGREEING)), Stream.of(shown))
                .toList();
    }

    private Limit limit(@Nullable Limit known, Duration wait, long begun) {
        long now = ticker.read();
        if (known == null) {
            return new Limit(wait, 1, now, now + HOLDS_FIRST.toNanos());
        }
        boolean alike = isAhead(known.until())
                || wait.minus(known.budget()).abs().compareTo(known.budget().dividedBy(4)) <= 0;
        if (!alike) {
            return new Limit(wait, 1, now, now + HOLDS_FIRST.toNanos());
        }
        // Calls that were under way together, and were stopped together, are seen once.
        boolean seenAgain = begun - known.since() > 0;
        int times = known.times() + (seenAgain ? 1 : 0);
        Duration holds = HOLDS_FIRST;
        for (int i = 1; i < times && holds.compareTo(REMEMBERED) < 0; i++) {
            holds = holds.multipliedBy(LONGER_EACH_TIME);
        }
        return new Limit(
                shorter(wait, known.budget()),
                times,
                now,
                now + shorter(holds, REMEMBERED).toNanos());
    }

    private boolean isAhead(long until) {
        return until - ticker.read() > 0;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
