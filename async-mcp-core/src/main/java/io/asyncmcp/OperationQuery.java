package io.asyncmcp;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which operations to list.
 *
 * @param owner exactly this owner's, or {@code null} for everybody's
 * @param type only this type, or {@code null} for every type
 * @param statuses only these states
 * @param limit how many at the most
 * @since 0.1.0
 */
public record OperationQuery(
        @Nullable OperationOwner owner, @Nullable String type, Set<OperationStatus> statuses, int limit) {

    /** Every operation, of everybody. */
    public static final OperationQuery ALL =
            new OperationQuery(null, null, EnumSet.allOf(OperationStatus.class), Integer.MAX_VALUE);

    public OperationQuery {
        statuses = Set.copyOf(statuses);
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, but was " + limit);
        }
    }

    public OperationQuery withOwner(@Nullable OperationOwner newOwner) {
        return new OperationQuery(newOwner, type, statuses, limit);
    }

    public OperationQuery withType(@Nullable String newType) {
        return new OperationQuery(owner, newType, statuses, limit);
    }

    public OperationQuery withStatuses(Set<OperationStatus> newStatuses) {
        return new OperationQuery(owner, type, newStatuses, limit);
    }

    public OperationQuery withLimit(int newLimit) {
        return new OperationQuery(owner, type, statuses, newLimit);
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
                && statuses.contains(operation.status());
    }
}
