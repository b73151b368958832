package io.asyncmcp;

import java.time.Duration;
import java.util.Objects;

/**
 * Times and limits of an {@link AsyncExecutor}. Immutable; start from {@link #DEFAULTS}.
 *
 * @param defaultTimeout how long a caller waits before it gets a handle; 15 s by default
 * @param maxLifetime how long an operation may run before it is cancelled; 10 min by default
 * @param retentionPeriod how long the result of an ended operation is kept; 5 min by default
 * @param cleanupInterval how often expired operations are cleared away; 1 min by default
 * @param maxWait the longest any single wait may last, whatever the caller asks for; 55 s by default
 * @param inputTimeout how long an operation waits for an answer to an input request; 5 min by default
 * @param limits how many operations are admitted
 * @param interruptOnCancel whether the thread of a body that is cancelled or outlives its lifetime is interrupted; {@code true}
 *     by default
 * @since 0.1.0
 */
public record ExecutorConfig(
        Duration defaultTimeout,
        Duration maxLifetime,
        Duration retentionPeriod,
        Duration cleanupInterval,
        Duration maxWait,
        Duration inputTimeout,
        Limits limits,
        boolean interruptOnCancel) {

    /** The defaults: wait 15 s, lifetime 10 min, retention 5 min, clean-up 1 min. */
    public static final ExecutorConfig DEFAULTS = new ExecutorConfig(
            Duration.ofSeconds(15),
            Duration.ofMinutes(10),
            Duration.ofMinutes(5),
            Duration.ofMinutes(1),
            Duration.ofSeconds(55),
            Duration.ofMinutes(5),
            Limits.DEFAULTS);

    /**
     * A configuration in which cancelling interrupts.
     *
     * @param defaultTimeout how long a caller waits before it gets a handle
     * @param maxLifetime how long an operation may run before it is cancelled
     * @param retentionPeriod how long the result of an ended operation is kept
     * @param cleanupInterval how often expired operations are cleared away
     * @param maxWait the longest any single wait may last
     * @param inputTimeout how long an operation waits for an answer
     * @param limits how many operations are admitted
     */
    public ExecutorConfig(
            Duration defaultTimeout,
            Duration maxLifetime,
            Duration retentionPeriod,
            Duration cleanupInterval,
            Duration maxWait,
            Duration inputTimeout,
            Limits limits) {
        this(defaultTimeout, maxLifetime, retentionPeriod, cleanupInterval, maxWait, inputTimeout, limits, true);
    }

    public ExecutorConfig {
        requirePositive("defaultTimeout", defaultTimeout);
        requirePositive("maxLifetime", maxLifetime);
        requirePositive("retentionPeriod", retentionPeriod);
        requirePositive("cleanupInterval", cleanupInterval);
        requirePositive("maxWait", maxWait);
        requirePositive("inputTimeout", inputTimeout);
        Objects.requireNonNull(limits, "limits");
    }

    private static void requirePositive(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, but was " + value);
        }
    }

    public ExecutorConfig withDefaultTimeout(Duration value) {
        return new ExecutorConfig(value, maxLifetime, retentionPeriod, cleanupInterval, maxWait, inputTimeout, limits, interruptOnCancel);
    }

    public ExecutorConfig withMaxLifetime(Duration value) {
        return new ExecutorConfig(
                defaultTimeout, value, retentionPeriod, cleanupInterval, maxWait, inputTimeout, limits, interruptOnCancel);
    }

    public ExecutorConfig withRetentionPeriod(Duration value) {
        return new ExecutorConfig(defaultTimeout, maxLifetime, value, cleanupInterval, maxWait, inputTimeout, limits, interruptOnCancel);
    }

    public ExecutorConfig withCleanupInterval(Duration value) {
        return new ExecutorConfig(defaultTimeout, maxLifetime, retentionPeriod, value, maxWait, inputTimeout, limits, interruptOnCancel);
    }

    public ExecutorConfig withMaxWait(Duration value) {
        return new ExecutorConfig(
                defaultTimeout, maxLifetime, retentionPeriod, cleanupInterval, value, inputTimeout, limits, interruptOnCancel);
    }

    public ExecutorConfig withInputTimeout(Duration value) {
        return new ExecutorConfig(
                defaultTimeout, maxLifetime, retentionPeriod, cleanupInterval, maxWait, value, limits, interruptOnCancel);
    }

    public ExecutorConfig withLimits(Limits value) {
        return new ExecutorConfig(
                defaultTimeout, maxLifetime, retentionPeriod, cleanupInterval, maxWait, inputTimeout, value, interruptOnCancel);
    }

    public ExecutorConfig withInterruptOnCancel(boolean value) {
        return new ExecutorConfig(
                defaultTimeout, maxLifetime, retentionPeriod, cleanupInterval, maxWait, inputTimeout, limits, value);
    }

    /**
     * How many operations are admitted. Over a limit an operation is refused with
     * {@link OperationRejectedException}; nothing waits without bound.
     *
     * @param maxRunning how many operations run at once; 256 by default
     * @param maxQueued how many more wait for their turn; 1,024 by default, 0 for none
     * @param maxPerOwner how many operations one owner may have running and queued; 0, the default, for no limit of its
     *     own
     * @param maxRetainedBytes how many bytes the results of ended operations may take up in memory; 256 MiB by default, 0 for
     *     no limit. Over it results are dropped, those first that have been fetched
     */
    public record Limits(int maxRunning, int maxQueued, int maxPerOwner, long maxRetainedBytes) {

        private static final long DEFAULT_RETAINED_BYTES = 256L * 1024 * 1024;

        /** The defaults: 256 running, 1,024 queued, no limit per owner, 256 MiB of results. */
        public static final Limits DEFAULTS = new Limits(256, 1024, 0);

        /**
         * Limits with the default for the results' memory.
         *
         * @param maxRunning how many operations run at once
         * @param maxQueued how many more wait for their turn
         * @param maxPerOwner how many operations one owner may have
         */
        public Limits(int maxRunning, int maxQueued, int maxPerOwner) {
            this(maxRunning, maxQueued, maxPerOwner, DEFAULT_RETAINED_BYTES);
        }

        public Limits {
            if (maxRunning < 1) {
                throw new IllegalArgumentException("maxRunning must be at least 1, but was " + maxRunning);
            }
            if (maxQueued < 0) {
                throw new IllegalArgumentException("maxQueued must not be negative, but was " + maxQueued);
            }
            if (maxPerOwner < 0) {
                throw new IllegalArgumentException("maxPerOwner must not be negative, but was " + maxPerOwner);
            }
            if (maxRetainedBytes < 0) {
                throw new IllegalArgumentException(
                        "maxRetainedBytes must not be negative, but was " + maxRetainedBytes);
            }
        }
    }
}
