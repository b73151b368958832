package io.asyncmcp;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How one operation is to be run. Immutable; start from {@link #ofType(String)} and narrow down.
 *
 * @param type the kind of work, for tools the tool's name; names the operation in meters and lists
 * @param owner on whose behalf it runs; the application by default
 * @param timeout how long the caller waits before it gets a handle, or {@code null} for the configured default; zero
 *     hands out the handle at once
 * @param maxLifetime how long the operation may run, or {@code null} for the configured default
 * @param singleFlightKey calls with equal type, owner and key join the operation that runs already; {@code null} for none
 * @param maxActive how many operations of this type may be active at once, of which one owner may have the share that
 *     {@link ExecutorConfig.Limits} says, or 0 for no limit
 * @param ttl how long the operation is kept at least, counted from its creation, or {@code null} if only the retention
 *     period counts; running work is kept in any case
 * @param reportsFailure tells a result that reports an error, so that the operation ends as failed and keeps the result
 * @param interruptOnCancel whether the body's thread is interrupted when the operation is cancelled or outlives its lifetime;
 *     {@code null} for the configured default. Without it the body is told by {@link OperationContext#isCancelled()} and its
 *     callbacks alone
 * @param weight how many bytes of memory the body holds on to until it has returned, such as its arguments; 0 by default
 * @since 0.1.0
 */
public record ExecuteOptions(
        String type,
        OperationOwner owner,
        @Nullable Duration timeout,
        @Nullable Duration maxLifetime,
        @Nullable Object singleFlightKey,
        int maxActive,
        @Nullable Duration ttl,
        Predicate<@Nullable Object> reportsFailure,
        @Nullable Boolean interruptOnCancel,
        long weight) {

    private static final Predicate<@Nullable Object> NEVER = result -> false;

    public ExecuteOptions {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(reportsFailure, "reportsFailure");
        if (type.isBlank()) {
            throw new IllegalArgumentException("type must not be blank");
        }
        if (timeout != null && timeout.isNegative()) {
            throw new IllegalArgumentException("timeout of " + type + " must not be negative, but was " + timeout);
        }
        if (maxLifetime != null && (maxLifetime.isNegative() || maxLifetime.isZero())) {
            throw new IllegalArgumentException("maxLifetime of " + type + " must be positive, but was " + maxLifetime);
        }
        if (ttl != null && ttl.isNegative()) {
            throw new IllegalArgumentException("ttl of " + type + " must not be negative, but was " + ttl);
        }
        if (maxActive < 0) {
            throw new IllegalArgumentException("maxActive of " + type + " must not be negative, but was " + maxActive);
        }
        if (weight < 0) {
            throw new IllegalArgumentException("weight of " + type + " must not be negative, but was " + weight);
        }
    }

    /**
     * Options with every default.
     *
     * @param type the kind of work
     * @return the options
     */
    public static ExecuteOptions ofType(String type) {
        return new ExecuteOptions(type, OperationOwner.APPLICATION, null, null, null, 0, null, NEVER, null, 0);
    }

    public ExecuteOptions withOwner(OperationOwner newOwner) {
        return new ExecuteOptions(
                type,
                newOwner,
                timeout,
                maxLifetime,
                singleFlightKey,
                maxActive,
                ttl,
                reportsFailure,
                interruptOnCancel,
                weight);
    }

    public ExecuteOptions withTimeout(@Nullable Duration newTimeout) {
        return new ExecuteOptions(
                type,
                owner,
                newTimeout,
                maxLifetime,
                singleFlightKey,
                maxActive,
                ttl,
                reportsFailure,
                interruptOnCancel,
                weight);
    }

    public ExecuteOptions withMaxLifetime(@Nullable Duration newMaxLifetime) {
        return new ExecuteOptions(
                type,
                owner,
                timeout,
                newMaxLifetime,
                singleFlightKey,
                maxActive,
                ttl,
                reportsFailure,
                interruptOnCancel,
                weight);
    }

    public ExecuteOptions withSingleFlightKey(@Nullable Object newKey) {
        return new ExecuteOptions(
                type, owner, timeout, maxLifetime, newKey, maxActive, ttl, reportsFailure, interruptOnCancel, weight);
    }

    public ExecuteOptions withMaxActive(int newMaxActive) {
        return new ExecuteOptions(
                type,
                owner,
                timeout,
                maxLifetime,
                singleFlightKey,
                newMaxActive,
                ttl,
                reportsFailure,
                interruptOnCancel,
                weight);
    }

    public ExecuteOptions withTtl(@Nullable Duration newTtl) {
        return new ExecuteOptions(
                type,
                owner,
                timeout,
                maxLifetime,
                singleFlightKey,
                maxActive,
                newTtl,
                reportsFailure,
                interruptOnCancel,
                weight);
    }

    public ExecuteOptions withReportsFailure(Predicate<@Nullable Object> newReportsFailure) {
        return new ExecuteOptions(
                type,
                owner,
                timeout,
                maxLifetime,
                singleFlightKey,
                maxActive,
                ttl,
                newReportsFailure,
                interruptOnCancel,
                weight);
    }

    public ExecuteOptions withInterruptOnCancel(@Nullable Boolean newInterruptOnCancel) {
        return new ExecuteOptions(
                type,
                owner,
                timeout,
                maxLifetime,
                singleFlightKey,
                maxActive,
                ttl,
                reportsFailure,
                newInterruptOnCancel,
                weight);
    }

    public ExecuteOptions withWeight(long newWeight) {
        return new ExecuteOptions(
                type,
                owner,
                timeout,
                maxLifetime,
                singleFlightKey,
                maxActive,
                ttl,
                reportsFailure,
                interruptOnCancel,
                newWeight);
    }
}
