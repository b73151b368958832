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
 * @param limits how much is admitted and kept
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
        return new ExecutorConfig(
                value, maxLifetime, retentionPeriod, cleanupInterval, maxWait, inputTimeout, limits, interruptOnCancel);
    }

    public ExecutorConfig withMaxLifetime(Duration value) {
        return new ExecutorConfig(
                defaultTimeout,
                value,
                retentionPeriod,
                cleanupInterval,
                maxWait,
                inputTimeout,
                limits,
                interruptOnCancel);
    }

    public ExecutorConfig withRetentionPeriod(Duration value) {
        return new ExecutorConfig(
                defaultTimeout, maxLifetime, value, cleanupInterval, maxWait, inputTimeout, limits, interruptOnCancel);
    }

    public ExecutorConfig withCleanupInterval(Duration value) {
        return new ExecutorConfig(
                defaultTimeout, maxLifetime, retentionPeriod, value, maxWait, inputTimeout, limits, interruptOnCancel);
    }

    public ExecutorConfig withMaxWait(Duration value) {
        return new ExecutorConfig(
                defaultTimeout,
                maxLifetime,
                retentionPeriod,
                cleanupInterval,
                value,
                inputTimeout,
                limits,
                interruptOnCancel);
    }

    public ExecutorConfig withInputTimeout(Duration value) {
        return new ExecutorConfig(
                defaultTimeout,
                maxLifetime,
                retentionPeriod,
                cleanupInterval,
                maxWait,
                value,
                limits,
                interruptOnCancel);
    }

    public ExecutorConfig withLimits(Limits value) {
        return new ExecutorConfig(
                defaultTimeout,
                maxLifetime,
                retentionPeriod,
                cleanupInterval,
                maxWait,
                inputTimeout,
                value,
                interruptOnCancel);
    }

    public ExecutorConfig withInterruptOnCancel(boolean value) {
        return new ExecutorConfig(
                defaultTimeout, maxLifetime, retentionPeriod, cleanupInterval, maxWait, inputTimeout, limits, value);
    }

    /**
     * How much is admitted and kept. Over a limit of admission an operation is refused with
     * {@link OperationRejectedException}; nothing waits without bound.
     *
     * @param maxRunning how many operations run at once; 256 by default. One that waits for an answer does not count
     * @param maxQueued how many more wait for their turn; 1,024 by default, 0 for none
     * @param maxPerOwner how many operations one owner may have under way; 0, the default, for no limit of its own
     * @param maxRetainedBytes how much memory ended operations may take up, in bytes; by default a quarter of the heap and at
     *     most 256 MiB, 0 for no limit. Over it results are dropped and then operations, of the owner who takes up the most
     * @param maxAwaitingInput how many operations may wait for an answer; 1,024 by default. Over it a question fails
     * @param maxActiveBytes how much memory the operations under way may hold on to, by their
     *     {@linkplain ExecuteOptions#weight() weights}; by default an eighth of the heap and at most 64 MiB, 0 for no limit
     * @param ownerShare the largest part of {@code maxQueued}, {@code maxAwaitingInput}, {@code maxActiveBytes} and a type's
     *     {@linkplain ExecuteOptions#maxActive() maxActive} that one owner may take up, in percent; 50 by default. Unless it is
     *     100, an eighth of {@code maxRunning} stays free for other owners too. The application itself may take up all
     * @param maxMessageBytes how long a text may be that an operation says of itself, in bytes; 16 KiB by default. What is
     *     longer is cut
     */
    public record Limits(
            int maxRunning,
            int maxQueued,
            int maxPerOwner,
            long maxRetainedBytes,
            int maxAwaitingInput,
            long maxActiveBytes,
            int ownerShare,
            int maxMessageBytes) {

        private static final long MEBIBYTE = 1024 * 1024;

        private static final long HEAP = Runtime.getRuntime().maxMemory();

        private static final int SHORTEST_TEXT = 16;

        /** The defaults: 256 running, 1,024 queued, 1,024 that wait for an answer, no limit per owner but half of each. */
        public static final Limits DEFAULTS = new Limits(
                256,
                1024,
                0,
                Math.min(256 * MEBIBYTE, HEAP / 4),
                1024,
                Math.min(64 * MEBIBYTE, HEAP / 8),
                50,
                16 * 1024);

        /**
         * Limits with the defaults for all but the numbers of operations.
         *
         * @param maxRunning how many operations run at once
         * @param maxQueued how many more wait for their turn
         * @param maxPerOwner how many operations one owner may have
         */
        public Limits(int maxRunning, int maxQueued, int maxPerOwner) {
            this(
                    maxRunning,
                    maxQueued,
                    maxPerOwner,
                    DEFAULTS.maxRetainedBytes,
                    DEFAULTS.maxAwaitingInput,
                    DEFAULTS.maxActiveBytes,
                    DEFAULTS.ownerShare,
                    DEFAULTS.maxMessageBytes);
        }

        public Limits {
            requireAtLeast("maxRunning", maxRunning, 1);
            requireNotNegative("maxQueued", maxQueued);
            requireNotNegative("maxPerOwner", maxPerOwner);
            requireNotNegative("maxRetainedBytes", maxRetainedBytes);
            requireAtLeast("maxAwaitingInput", maxAwaitingInput, 1);
            requireNotNegative("maxActiveBytes", maxActiveBytes);
            requireAtLeast("ownerShare", ownerShare, 1);
            if (ownerShare > 100) {
                throw new IllegalArgumentException("ownerShare must be at most 100 percent, but was " + ownerShare);
            }
            requireAtLeast("maxMessageBytes", maxMessageBytes, SHORTEST_TEXT);
        }

        private static void requireAtLeast(String name, long value, long least) {
            if (value < least) {
                throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
            }
        }

        private static void requireNotNegative(String name, long value) {
            if (value < 0) {
                throw new IllegalArgumentException(name + " must not be negative, but was " + value);
            }
        }

        /**
         * Returns the part of a limit that one owner may take up.
         *
         * @param limit one of the limits
         * @return its {@code ownerShare}, and never nothing of it unless the limit is 0
         */
        public long shareOf(long limit) {
            return limit == 0 ? 0 : Math.max(1, limit / 100 * ownerShare + limit % 100 * ownerShare / 100);
        }

        /** Returns how many operations of one owner run at once: all but an eighth, unless one owner may have everything. */
        int maxRunningOfOwner() {
            return ownerShare == 100 ? maxRunning : maxRunning - maxRunning / 8;
        }

        public Limits withMaxRetainedBytes(long value) {
            return new Limits(
                    maxRunning,
                    maxQueued,
                    maxPerOwner,
                    value,
                    maxAwaitingInput,
                    maxActiveBytes,
                    ownerShare,
                    maxMessageBytes);
        }

        public Limits withMaxAwaitingInput(int value) {
            return new Limits(
                    maxRunning,
                    maxQueued,
                    maxPerOwner,
                    maxRetainedBytes,
                    value,
                    maxActiveBytes,
                    ownerShare,
                    maxMessageBytes);
        }

        public Limits withMaxActiveBytes(long value) {
            return new Limits(
                    maxRunning,
                    maxQueued,
                    maxPerOwner,
                    maxRetainedBytes,
                    maxAwaitingInput,
                    value,
                    ownerShare,
                    maxMessageBytes);
        }
    }
}
