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
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Operations whose handle reached nobody, because the client gave its request up first.
 *
 * <p>A client that gives up calls again. It then gets the operation it has started already, and not a second one. Thread-safe.
 */
final class UnansweredCalls {

    private static final int MAX_SIZE = 10_000;

    private final AsyncExecutor executor;

    private final Cache<Key, String> operationIds;

    UnansweredCalls(AsyncExecutor executor, Duration keptFor) {
        this.executor = executor;
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

    /** Returns the operation that an equal call of the owner has started, to one caller, if it is of use to anybody. */
    Optional<String> take(OperationOwner owner, ToolCall call) {
        // Hardly ever is there anything: other calls must not pay for a hash.
        if (operationIds.estimatedSize() == 0) {
            return Optional.empty();
        }
        Key key = Key.of(owner, call);
        String operationId = operationIds.asMap().remove(key);
        if (operationId == null) {
            return Optional.empty();
        }
        try {
            return isWorthOffering(operationId, owner) ? Optional.of(operationId) : Optional.empty();
        } catch (Throwable e) {
            // The call fails, and the next one must not start the work a second time.
            operationIds.put(key, operationId);
            throw e;
        }
    }

    /** A run that has failed is no reason not to try again. */
    private boolean isWorthOffering(String operationId, OperationOwner owner) {
        try {
            OperationStatus status = executor.find(operationId, owner).status();
            return !status.isTerminal() || status == OperationStatus.COMPLETED;
        } catch (OperationNotFoundException e) {
            return false;
        }
    }
}
