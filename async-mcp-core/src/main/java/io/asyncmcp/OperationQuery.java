package io.asyncmcp;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which operations to list.
 *
 * @param owner exactly this owner's, or {@code null} for everybody's
 * @param type only this type, or {@code null} for every type
 * @param statuses only these states
 * @param after only what comes after this position in the list, or {@code null} for the whole list
 * @param limit how many at the most
 * @since 0.1.0
 */
public record OperationQuery(
        @Nullable OperationOwner owner,
        @Nullable String type,
        Set<OperationStatus> statuses,
        @Nullable Position after,
        int limit) {

    /** The order of every list: the newest first, and one order among those of one moment. */
    public static final Comparator<Operation> NEWEST_FIRST = Comparator.comparing(Operation::createdAt)
            .thenComparing(Operation::requireId)
            .reversed();

    /** Every operation, of everybody. */
    public static final OperationQuery ALL =
            new OperationQuery(null, null, EnumSet.allOf(OperationStatus.class), null, Integer.MAX_VALUE);

    public OperationQuery {
        statuses = Set.copyOf(statuses);
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, but was " + limit);
        }
    }

    public OperationQuery withOwner(@Nullable OperationOwner newOwner) {
        return new OperationQuery(newOwner, type, statuses, after, limit);
    }

    public OperationQuery withType(@Nullable String newType) {
        return new OperationQuery(owner, newType, statuses, after, limit);
    }

    public OperationQuery withStatuses(Set<OperationStatus> newStatuses) {
        return new OperationQuery(owner, type, newStatuses, after, limit);
    }

    public OperationQuery withLimit(int newLimit) {
        return new OperationQuery(owner, type, statuses, after, newLimit);
    }

    public OperationQuery withAfter(@Nullable Position newAfter) {
        return new OperationQuery(owner, type, statuses, newAfter, limit);
    }

    /**
     * A place in a list, which stays where it is when operations come and go.
     *
     * @param createdAt when the operation at this place was created
     * @param id its id
     */
    public record Position(Instant createdAt, String id) {

        /**
         * Returns an operation's place.
         *
         * @param operation an operation with an id
         * @return its place
         */
        public static Position of(Operation operation) {
            return new Position(operation.createdAt(), operation.requireId());
        }

        boolean isBefore(Operation operation) {
            int order = createdAt.compareTo(operation.createdAt());
            return order == 0 ? id.compareTo(operation.requireId()) > 0 : order > 0;
        }
    }

    /**
     * Tells whether an operation is among those asked for; the limit apart.
     *
     * @param operation the operation
     * @return {@code true} if it is
     */
    public boolean matches(Operation operation) {
        return (owner == null || owner.equals(operation.owner()))
                && (type == null || type.equals(operation.type()))
                && statuses.contains(operation.status())
                && (after == null || after.isBefore(operation));
    }
}
