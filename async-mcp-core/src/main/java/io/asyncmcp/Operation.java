package io.asyncmcp;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run of some work, as it stood at one moment.
 *
 * <p>Immutable. A newer state is a newer snapshot; ask the {@link AsyncExecutor} for it. As JSON, written by Jackson, it leaves
 * out whose it is, what was asked and answered, and what was thrown.
 *
 * @param id the id clients come back with, or {@code null} if the operation ended before it needed one
 * @param type the kind of work, for tools the tool's name
 * @param owner on whose behalf it runs
 * @param status where it stands
 * @param createdAt when it was asked for
 * @param updatedAt when its status, its progress or a question of it last changed
 * @param endedAt when it reached a terminal state, or {@code null}
 * @param ttl how long it is kept at least, counted from its creation, or {@code null} if only the retention period counts
 * @param progress the latest progress, or {@code null} if none was reported
 * @param inputs the input requests that are open, or whose answer the body has not got yet, in the order they were made; none
 *     once the operation has ended
 * @param result what the body returned, or {@code null}
 * @param resultDropped whether there was a result that was dropped to make room for others
 * @param failure why it failed, or {@code null}
 * @since 0.1.0
 */
public record Operation(
        @Nullable String id,
        String type,
        @JsonIgnore OperationOwner owner,
        OperationStatus status,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant endedAt,
        @Nullable Duration ttl,
        @Nullable Progress progress,
        @JsonIgnore List<InputRequest> inputs,
        @Nullable Object result,
        boolean resultDropped,
        @Nullable OperationFailure failure) {

    public Operation {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(updatedAt, "updatedAt");
        inputs = List.copyOf(inputs);
        if (status.isTerminal() != (endedAt != null)) {
            throw new IllegalArgumentException(
                    "endedAt must be set exactly for terminal states, but was " + endedAt + " for " + status);
        }
    }

    static Operation queued(String type, OperationOwner owner, Instant createdAt, @Nullable Duration ttl) {
        return new Operation(
                null,
                type,
                owner,
                OperationStatus.QUEUED,
                createdAt,
                createdAt,
                null,
                ttl,
                null,
                List.of(),
                null,
                false,
                null);
    }

    /**
     * Returns the id of an operation that is known to have one.
     *
     * @throws IllegalStateException if the operation ended before it needed an id
     */
    public String requireId() {
        if (id == null) {
            throw new IllegalStateException("operation of type " + type + " ended in time and has no id");
        }
        return id;
    }

    /**
     * Returns the result, cast.
     *
     * @param resultType the class the body's result has
     * @param <T> the result's type
     * @return the result, or empty if there is none
     * @throws ClassCastException if the result is of another class
     */
    public <T> Optional<T> resultAs(Class<T> resultType) {
        return Optional.ofNullable(resultType.cast(result));
    }

    /**
     * Returns the input requests that nobody has answered.
     *
     * @return the requests, oldest first
     */
    public List<InputRequest> pendingInputs() {
        return inputs.isEmpty()
                ? inputs
                : inputs.stream().filter(InputRequest::isPending).toList();
    }

    /**
     * Returns how long the operation has taken, up to its end if it has ended.
     *
     * @param now the present
     * @return the duration, never negative
     */
    public Duration elapsed(Instant now) {
        Duration elapsed = Duration.between(createdAt, endedAt == null ? now : endedAt);
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }

    /**
     * Returns a copy that is known under an id.
     *
     * @param newId the id
     * @return the copy
     * @throws IllegalStateException if there is an id already
     */
    public Operation withId(String newId) {
        if (id != null) {
            throw new IllegalStateException("an operation keeps its id");
        }
        return with(newId, ttl, failure);
    }

    /** Returns a copy that has no result any more, and says so. */
    public Operation withResultDropped() {
        return new Operation(
                id, type, owner, status, createdAt, updatedAt, endedAt, ttl, progress, inputs, null, true, failure);
    }

    /**
     * Returns a copy that failed for another reason.
     *
     * @param newFailure the reason
     * @return the copy
     */
    public Operation withFailure(OperationFailure newFailure) {
        return with(id, ttl, newFailure);
    }

    /** A longer ttl that somebody else was promised; a shorter one changes nothing. */
    Operation withTtlOfAtLeast(Duration other) {
        return ttl != null && ttl.compareTo(other) >= 0 ? this : with(id, other, failure);
    }

    private Operation with(@Nullable String newId, @Nullable Duration newTtl, @Nullable OperationFailure newFailure) {
        return new Operation(
                newId,
                type,
                owner,
                status,
                createdAt,
                updatedAt,
                endedAt,
                newTtl,
                progress,
                inputs,
                result,
                resultDropped,
                newFailure);
    }

    Operation working(Instant now) {
        return with(OperationStatus.WORKING, progress, inputs, now);
    }

    Operation withProgress(Progress newProgress, Instant now) {
        return with(status, newProgress, inputs, now);
    }

    Operation withInputs(List<InputRequest> newInputs, Instant now) {
        boolean pending = newInputs.stream().anyMatch(InputRequest::isPending);
        return with(pending ? OperationStatus.INPUT_REQUIRED : OperationStatus.WORKING, progress, newInputs, now);
    }

    /** Lets go of a question whose answer the body has got. Nobody who looks sees a change. */
    Operation withoutAnswered(String key) {
        List<InputRequest> others = inputs.stream()
                .filter(input -> input.isPending() || !input.key().equals(key))
                .toList();
        return others.size() == inputs.size() ? this : with(status, progress, others, updatedAt);
    }

    Operation completed(@Nullable Object value, Instant now) {
        return end(OperationStatus.COMPLETED, value, null, now);
    }

    Operation failed(OperationFailure reason, @Nullable Object value, Instant now) {
        return end(OperationStatus.FAILED, value, reason, now);
    }

    Operation cancelled(Instant now) {
        return end(OperationStatus.CANCELLED, null, null, now);
    }

    private Operation with(
            OperationStatus next, @Nullable Progress newProgress, List<InputRequest> newInputs, Instant now) {
        return new Operation(
                id,
                type,
                owner,
                next,
                createdAt,
                now,
                endedAt,
                ttl,
                newProgress,
                newInputs,
                result,
                resultDropped,
                failure);
    }

    private Operation end(
            OperationStatus next, @Nullable Object value, @Nullable OperationFailure reason, Instant now) {
        // What clients have answered goes with the body that needed it.
        return new Operation(
                id, type, owner, next, createdAt, now, now, ttl, progress, List.of(), value, false, reason);
    }

    /** Leaves out what must not reach a log: the id, the owner, progress text, questions, answers and results. */
    @Override
    public String toString() {
        return "Operation[type=" + type + ", status=" + status + ", createdAt=" + createdAt + "]";
    }
}
