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

/** Operations of clients that gave up before they had the handle; the next equal call gets them. Thread-safe. */
final class UnansweredCalls {

    private static final int MAX_SIZE = 10_000;

    /** Of equal calls the last are kept. */
    private static final int MAX_EQUAL = 16;

    /** After this an equal call wants a new result: an old one without its age would pass for fresh. */
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

    /** Arguments may be large: their hash stands for them. */
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

    /** Gives the operation an id and keeps it for an equal call; returns what forgets it, {@code false} if a call has taken it. */
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

    /** Takes the operation of an equal call if it is of use; fails if that cannot be told, rather than start the work twice. */
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

    /** A failed run may be tried again, and so may one that ended a while ago. */
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
