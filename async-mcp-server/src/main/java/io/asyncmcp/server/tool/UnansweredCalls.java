package io.asyncmcp.server.tool;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.server.exchange.ToolCall;
import io.modelcontextprotocol.json.McpJsonDefaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Operations whose handle reached nobody, because the client gave its request up first.
 *
 * <p>A client that gives up calls again. It then gets the operation it has started already, and not a second one. Thread-safe.
 */
final class UnansweredCalls {

    private static final int MAX_SIZE = 10_000;

    private final Cache<Key, String> operationIds;

    UnansweredCalls(Duration keptFor) {
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

    void add(OperationOwner owner, ToolCall call, String operationId) {
        operationIds.put(Key.of(owner, call), operationId);
    }

    /** Returns the operation that an equal call of the owner has started, to one caller. */
    Optional<String> take(OperationOwner owner, ToolCall call) {
        // Hardly ever is there anything: other calls must not pay for a hash.
        return operationIds.estimatedSize() == 0
                ? Optional.empty()
                : Optional.ofNullable(operationIds.asMap().remove(Key.of(owner, call)));
    }
}
