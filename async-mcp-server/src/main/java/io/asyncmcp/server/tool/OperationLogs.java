package io.asyncmcp.server.tool;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.server.exchange.LogFollowers;
import io.asyncmcp.server.exchange.OperationWatch;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds who follows the logs of an operation, for calls that come back for it or join it. Thread-safe. */
final class OperationLogs {

    private static final Logger logger = LoggerFactory.getLogger(OperationLogs.class);

    private final AsyncExecutor executor;

    /** Of operations that clients may come back for; removed when the operation ends. */
    private final ConcurrentMap<String, LogFollowers> byId = new ConcurrentHashMap<>();

    /** Of equal calls that share an operation; removed when none of them needs it any more. */
    private final ConcurrentMap<Flight, Following> byFlight = new ConcurrentHashMap<>();

    private final int maxMessageBytes;

    OperationLogs(AsyncExecutor executor, int maxMessageBytes) {
        this.executor = executor;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Keeps the hash of the arguments: the flight must be found again even if a tool changes them meanwhile. */
    private record Flight(String type, OperationOwner owner, Object key, int hash) {

        static Flight of(ExecuteOptions options, Object key) {
            return new Flight(options.type(), options.owner(), key, Objects.hash(options.type(), options.owner(), key));
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** What a call holds from its start until it is settled. */
    static final class Following {

        private final LogFollowers followers;

        private final @Nullable Flight flight;

        /** Changed within the map's atomic operations alone. */
        private int holders;

        private Following(@Nullable Flight flight, int maxMessageBytes) {
            this.flight = flight;
            this.followers = new LogFollowers(maxMessageBytes);
        }

        LogFollowers followers() {
            return followers;
        }
    }

    /** Begins to follow what a call starts or joins. */
    Following begin(ExecuteOptions options) {
        Object key = options.singleFlightKey();
        if (key == null) {
            return new Following(null, maxMessageBytes);
        }
        return byFlight.compute(Flight.of(options, key), (flight, known) -> {
            Following following = known == null ? new Following(flight, maxMessageBytes) : known;
            following.holders++;
            return following;
        });
    }

    private void release(Following following) {
        Flight flight = following.flight;
        if (flight != null) {
            byFlight.computeIfPresent(flight, (key, known) -> --known.holders == 0 ? null : known);
        }
    }

    /** Lets go of what a call follows, or keeps it until the end of an operation that clients may come back for. */
    void settle(Following following, @Nullable Operation operation) {
        if (operation == null || operation.status().isTerminal()) {
            release(following);
            return;
        }
        keep(following, operation.requireId());
    }

    /** Keeps what a call follows before it is settled: its client may come back before that. */
    void keepEarly(Following following, String id) {
        if (following.flight == null) {
            keep(following, id);
        }
    }

    private void keep(Following following, String id) {
        if (byId.putIfAbsent(id, following.followers()) != null) {
            release(following);
            return;
        }
        // The thread that settles a call has an answer to give, and must neither wait for the store nor fail because it
        // does.
        OperationWatch.untilEndAsync(executor, id, now -> {
                    if (now.status().isTerminal()) {
                        forget(id, following);
                    }
                })
                .whenComplete((watch, error) -> {
                    if (error != null) {
                        forget(id, following);
                        logger.warn("Clients that come back for an operation do not get its log messages", error);
                    }
                });
    }

    /** The end may be seen twice: by the watch, and by the look that comes afterwards. */
    private void forget(String id, Following following) {
        if (byId.remove(id, following.followers())) {
            release(following);
        }
    }

    /** Returns who follows an operation now; nobody if it has ended. */
    LogFollowers of(String operationId) {
        return byId.getOrDefault(operationId, new LogFollowers(maxMessageBytes));
    }
}
