package io.asyncmcp.server.tool;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.server.exchange.ToolCall;
import io.asyncmcp.server.transport.RequestStream;
import io.modelcontextprotocol.json.McpJsonDefaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Operations whose handle reached nobody, because the client gave its request up first.
 *
 * <p>A client that gives up calls again. It then gets the operation it has started already, and not a second one. Thread-safe.
 */
final class UnansweredCalls {

    private static final int MAX_SIZE = 10_000;

    /** Later than this the same call is meant anew: a result without its age would pass for a fresh one. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private static final CompletionStage<Optional<String>> NOTHING = CompletableFuture.completedStage(Optional.empty());

    private final AsyncExecutor executor;

    private final Clock clock;

    private final Cache<Key, String> operationIds;

    UnansweredCalls(AsyncExecutor executor, Clock clock, Duration keptFor) {
        this.executor = executor;
        this.clock = clock;
        this.operationIds = Caffeine.newBuilder()
                .maximumSize(MAX_SIZE)
                .expireAfterWrite(keptFor)
                .executor(Runnable::run)
                .build();
    }

    /** Arguments may be large, and are told apart by their hash. */
    private record Key(OperationOwner owner, String tool, String argumentsHash) {

        static Key of(OperationOwner owner, ToolCall call) {
            Map<String, Object> arguments = call.request().arguments();
            return new Key(owner, call.request().name(), hash(arguments == null ? Map.of() : arguments));
        }

        private static String hash(Map<String, Object> arguments) {
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

    /** The operation gets its id for a client that is not there to hear it, and that may call again. */
    void addIfAbandoned(OperationOwner owner, ToolCall call, Supplier<String> operationId) {
        RequestStream stream = RequestStream.of(call.transportContext());
        if (stream != null) {
            stream.abandoned().thenRun(() -> operationIds.put(Key.of(owner, call), operationId.get()));
        }
    }

    /**
     * Ends with the operation that an equal call of the owner has started, for one caller, if it is of use to anybody. Where
     * that cannot be told the call fails, and the next one must not start the work a second time.
     */
    CompletionStage<Optional<String>> take(OperationOwner owner, ToolCall call) {
        // Hardly ever is there anything: other calls must not pay for a hash.
        if (operationIds.estimatedSize() == 0) {
            return NOTHING;
        }
        Key key = Key.of(owner, call);
        String operationId = operationIds.getIfPresent(key);
        if (operationId == null) {
            return NOTHING;
        }
        return isWorthOffering(operationId, owner)
                .thenApply(worth -> operationIds.asMap().remove(key, operationId) && worth
                        ? Optional.of(operationId)
                        : Optional.empty());
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
