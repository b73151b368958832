package io.asyncmcp.server.tool;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.server.exchange.ToolCall;
import io.modelcontextprotocol.json.McpJsonDefaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Operations whose handle reached nobody, because the client gave its request up first.
 *
 * <p>A client that gives up calls again. It then gets the operation it has started already, and not a second one. Thread-safe.
 */
final class UnansweredCalls {

    private static final int MAX_SIZE = 10_000;

    /** Of equal calls the last are kept. */
    private static final int MAX_EQUAL = 16;

    /** Later than this the same call is meant anew: a result without its age would pass for a fresh one. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private static final CompletionStage<Optional<String>> NOTHING = CompletableFuture.completedStage(Optional.empty());

    private static final CompletionStage<Boolean> NO = CompletableFuture.completedStage(false);

    private final AsyncExecutor executor;

    private final Clock clock;

    /** The first is the next to be taken. */
    private final Cache<Key, List<CompletionStage<Optional<String>>>> runs;

    UnansweredCalls(AsyncExecutor executor, Clock clock, Duration keptFor) {
        this.executor = executor;
        this.clock = clock;
        this.runs = Caffeine.newBuilder()
                .maximumSize(MAX_SIZE)
                .expireAfterWrite(keptFor)
                .executor(Runnable::run)
                .build();
    }

    /** Arguments may be large, and are told apart by their hash. */
    record Key(OperationOwner owner, String tool, String argumentsHash) {

        static Key of(OperationOwner owner, ToolCall call) {
            Map<String, Object> arguments = call.request().arguments();
            return new Key(owner, call.request().name(), hash(arguments == null ? Map.of() : arguments));
        }

        static String hash(Map<String, Object> arguments) {
            try {
                byte[] json = McpJsonDefaults.getMapper().writeValueAsBytes(arguments);
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(json));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }

    /**
     * The operation gets its id for a client that is not there to hear it, and that may call again.
     *
     * @return forgets it again; {@code false} if an equal call has taken it
     */
    BooleanSupplier add(OperationOwner owner, ToolCall call, StartedRun run) {
        CompletionStage<Optional<String>> id = run.id();
        Key key = Key.of(owner, call);
        runs.asMap().merge(key, List.of(id), UnansweredCalls::appended);
        id.whenComplete((known, error) -> {
            if (error != null || known.isEmpty()) {
                remove(key, id);
            }
        });
        return () -> remove(key, id);
    }

    private static <T> List<T> appended(List<T> known, List<T> more) {
        List<T> all = Stream.concat(known.stream(), more.stream()).toList();
        return all.subList(Math.max(0, all.size() - MAX_EQUAL), all.size());
    }

    private boolean remove(Key key, CompletionStage<Optional<String>> run) {
        boolean[] removed = new boolean[1];
        runs.asMap().computeIfPresent(key, (same, known) -> {
            List<CompletionStage<Optional<String>>> others =
                    known.stream().filter(other -> other != run).toList();
            removed[0] = others.size() < known.size();
            return others.isEmpty() ? null : others;
        });
        return removed[0];
    }

    /**
     * Ends with the operation that an equal call of the owner has started, for one caller, if it is of use to anybody. Where
     * that cannot be told the call fails, and the next one must not start the work a second time.
     */
    CompletionStage<Optional<String>> take(OperationOwner owner, ToolCall call) {
        // Hardly ever is there anything: other calls must not pay for a hash.
        return runs.estimatedSize() == 0 ? NOTHING : take(Key.of(owner, call), owner);
    }

    private CompletionStage<Optional<String>> take(Key key, OperationOwner owner) {
        List<CompletionStage<Optional<String>>> known = runs.getIfPresent(key);
        if (known == null) {
            return NOTHING;
        }
        CompletionStage<Optional<String>> first = known.get(0);
        return first.exceptionally(error -> Optional.empty())
                .thenCompose(id -> id.isEmpty() ? NO : isWorthOffering(id.get(), owner))
                .thenCompose(worth -> remove(key, first) && worth ? first : take(key, owner));
    }

    /** A run that has failed is no reason not to try again, nor is one that ended a while ago. */
    private CompletionStage<Boolean> isWorthOffering(String operationId, OperationOwner owner) {
        return executor.findAsync(operationId, owner).handle((operation, error) -> {
            if (error instanceof OperationNotFoundException) {
                return false;
            }
            if (error != null) {
                throw new CompletionException(error);
            }
            Instant endedAt = operation.endedAt();
            return endedAt == null
                    || operation.status() == OperationStatus.COMPLETED
                            && Duration.between(endedAt, clock.instant()).compareTo(FRESH) <= 0;
        });
    }
}
