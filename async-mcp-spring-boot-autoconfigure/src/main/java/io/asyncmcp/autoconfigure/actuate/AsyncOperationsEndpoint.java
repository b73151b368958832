package io.asyncmcp.autoconfigure.actuate;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.OperationStatus;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Lists, shows and cancels the operations that are known under an id.
 *
 * <p>An operation's id is an anonymous caller's key, so the endpoint shows its hash and takes that hash for the id.
 * Cancelling needs {@code management.endpoint.asyncoperations.access=unrestricted}.
 *
 * @since 0.1.0
 */
@Endpoint(id = "asyncoperations", defaultAccess = Access.READ_ONLY)
public final class AsyncOperationsEndpoint {

    private static final int DEFAULT_LIMIT = 100;

    private final AsyncExecutor executor;

    private final Clock clock;

    private final OwnerHashes owners = new OwnerHashes(new SecureRandom());

    /**
     * Creates the endpoint.
     *
     * @param executor whose operations to show
     * @param clock what the time taken by a running operation is measured with
     */
    public AsyncOperationsEndpoint(AsyncExecutor executor, Clock clock) {
        this.executor = executor;
        this.clock = clock;
    }

    /**
     * Lists operations, newest first.
     *
     * @param type only this type, or {@code null} for every type
     * @param status only this state, or {@code null} for every state
     * @param limit how many at the most, or {@code null} for 100
     * @return the operations
     */
    @ReadOperation
    public OperationsDescriptor operations(
            @Nullable String type, @Nullable OperationStatus status, @Nullable Integer limit) {
        int atMost = limit == null ? DEFAULT_LIMIT : limit;
        if (atMost < 1) {
            throw new InvalidEndpointRequestException(
                    "limit must be at least 1, but was " + atMost, "Parameter 'limit' must be at least 1");
        }
        OperationQuery query = OperationQuery.ALL.withType(type).withLimit(atMost);
        if (status != null) {
            query = query.withStatuses(Set.of(status));
        }
        Instant now = clock.instant();
        return new OperationsDescriptor(listed(query).stream()
                .map(operation -> OperationDescriptor.of(operation, now, owners))
                .toList());
    }

    /**
     * Shows an operation.
     *
     * @param id the operation's id, or its hash as the list shows it
     * @return the operation, or {@code null} if there is none
     */
    @ReadOperation
    public @Nullable OperationDescriptor operation(@Selector String id) {
        Operation operation = find(id);
        return operation == null ? null : OperationDescriptor.of(operation, clock.instant(), owners);
    }

    /**
     * Cancels an operation.
     *
     * @param id the operation's id, or its hash as the list shows it
     * @return what came of it, or {@code null} if there is no such operation
     */
    @DeleteOperation
    public @Nullable CancellationDescriptor cancel(@Selector String id) {
        Operation operation = find(id);
        if (operation == null) {
            return null;
        }
        String fullId = operation.requireId();
        try {
            return new CancellationDescriptor(OperationIds.hash(fullId), ask(() -> executor.cancel(fullId, null)));
        } catch (OperationNotFoundException e) {
            return null;
        }
    }

    private @Nullable Operation find(String idOrHash) {
        if (!OperationIds.isWellFormed(idOrHash)) {
            return findByHash(idOrHash);
        }
        try {
            return ask(() -> executor.find(idOrHash, null));
        } catch (OperationNotFoundException e) {
            return null;
        }
    }

    private List<Operation> listed(OperationQuery query) {
        return ask(() -> executor.operations(query));
    }

    /** On WebFlux a request is never answered after some errors, because Reactor takes them for the end of everything. */
    private static <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (Error e) {
            throw new IllegalStateException("the store of the operations failed", e);
        }
    }

    private @Nullable Operation findByHash(String hash) {
        List<Operation> matches = listed(OperationQuery.ALL).stream()
                .filter(operation -> OperationIds.hash(operation.requireId()).equals(hash))
                .limit(2)
                .toList();
        if (matches.size() > 1) {
            throw new InvalidEndpointRequestException(
                    "several operations have the hash " + hash,
                    "Several operations have this hash: use the id of the one that is meant");
        }
        return matches.isEmpty() ? null : matches.get(0);
    }

    /**
     * A list of operations.
     *
     * @param operations the operations, newest first
     */
    public record OperationsDescriptor(List<OperationDescriptor> operations) implements OperationResponseBody {}

    /**
     * What came of a cancellation.
     *
     * @param id the hash of the operation's id
     * @param cancelled whether this call cancelled it; {@code false} if it had ended before
     */
    public record CancellationDescriptor(String id, boolean cancelled) implements OperationResponseBody {}
}
