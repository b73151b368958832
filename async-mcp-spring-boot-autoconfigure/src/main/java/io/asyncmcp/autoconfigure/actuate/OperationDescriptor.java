package io.asyncmcp.autoconfigure.actuate;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.Progress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What an operator may see of an operation.
 *
 * @param id the hash of its id
 * @param type the kind of work, for tools the tool's name
 * @param owner on whose behalf it runs
 * @param status where it stands
 * @param createdAt when it was asked for
 * @param endedAt when it ended, or {@code null}
 * @param elapsed how long it has taken
 * @param progress the latest progress, or {@code null}
 * @param failure what kind of failure it ended with, or {@code null}
 * @since 0.1.0
 */
public record OperationDescriptor(
        String id,
        String type,
        OwnerDescriptor owner,
        OperationStatus status,
        Instant createdAt,
        @Nullable Instant endedAt,
        Duration elapsed,
        @Nullable ProgressDescriptor progress,
        OperationFailure.@Nullable Reason failure)
        implements OperationResponseBody {

    static OperationDescriptor of(Operation operation, Instant now, OwnerHashes owners) {
        Progress progress = operation.progress();
        OperationFailure failure = operation.failure();
        return new OperationDescriptor(
                OperationIds.hash(operation.requireId()),
                operation.type(),
                new OwnerDescriptor(operation.owner().kind(), owners.of(operation.owner())),
                operation.status(),
                operation.createdAt(),
                operation.endedAt(),
                operation.elapsed(now),
                progress == null ? null : new ProgressDescriptor(progress.progress(), progress.total()),
                failure == null ? null : failure.reason());
    }

    /**
     * An owner without its name.
     *
     * @param kind what kind of owner it is
     * @param hash a hash of its name, to tell owners apart, or {@code null} for the application; keyed, and so another one
     *     after the next start
     */
    public record OwnerDescriptor(
            OperationOwner.Kind kind, @Nullable String hash) {}

    /**
     * Progress without its message.
     *
     * @param progress the amount done so far
     * @param total the amount at the end, or {@code null} if it is not known
     */
    public record ProgressDescriptor(
            double progress, @Nullable Double total) {}
}
