package io.asyncmcp.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one asynchronous tool is run: its annotation and what overrides it.
 *
 * @param timeout how long a call waits before it gets a handle, or {@code null} for the default
 * @param maxLifetime how long an operation may run, or {@code null} for the default
 * @param singleFlight whether identical calls of one owner share one operation
 * @param maxActive how many operations may be active at once; 0 for no limit
 * @param taskSupport whether clients may, must or must not call the tool as a task
 * @param taskTtl how long a task is kept at least, counted from its creation, if the client has no say in it or says
 *     nothing; {@code null} for as long as it may run and then the retention period
 * @param pollInterval how often clients are advised to ask for a task's state, or {@code null} for the default
 * @param cancelOn what its client must do for an operation without a handle to be cancelled, or {@code null} for the default
 * @param interruptOnCancel whether cancelling interrupts, or {@code null} for the default
 * @since 0.1.0
 */
public record AsyncToolSettings(
        @Nullable Duration timeout,
        @Nullable Duration maxLifetime,
        boolean singleFlight,
        int maxActive,
        TaskSupport taskSupport,
        @Nullable Duration taskTtl,
        @Nullable Duration pollInterval,
        @Nullable CancelOn cancelOn,
        @Nullable Boolean interruptOnCancel) {

    /** Every default. */
    public static final AsyncToolSettings DEFAULTS =
            new AsyncToolSettings(null, null, false, 0, TaskSupport.OPTIONAL, null, null, null, null);

    public AsyncToolSettings {
        if (timeout != null && timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative, but was " + timeout);
        }
        requirePositive("max-lifetime", maxLifetime);
        requirePositive("task-ttl", taskTtl);
        requirePositive("poll-interval", pollInterval);
        if (maxActive < 0) {
            throw new IllegalArgumentException("max-active must not be negative, but was " + maxActive);
        }
    }

    private static void requirePositive(String name, @Nullable Duration value) {
        if (value != null && (value.isNegative() || value.isZero())) {
            throw new IllegalArgumentException(name + " must be positive, but was " + value);
        }
    }

    /**
     * What is said about a tool outside its code. Every {@code null} leaves the annotation's word.
     *
     * @param enabled whether the tool is asynchronous; {@code true} makes one of a tool without annotation
     * @param timeout overrides the timeout
     * @param maxLifetime overrides the maximum lifetime
     * @param singleFlight overrides single flight
     * @param maxActive overrides the limit
     * @param taskSupport overrides the task support
     * @param taskTtl overrides the ttl of tasks
     * @param pollInterval overrides the poll interval
     * @param cancelOn overrides what cancels
     * @param interruptOnCancel overrides whether cancelling interrupts
     */
    public record Override(
            @Nullable Boolean enabled,
            @Nullable Duration timeout,
            @Nullable Duration maxLifetime,
            @Nullable Boolean singleFlight,
            @Nullable Integer maxActive,
            @Nullable TaskSupport taskSupport,
            @Nullable Duration taskTtl,
            @Nullable Duration pollInterval,
            @Nullable CancelOn cancelOn,
            @Nullable Boolean interruptOnCancel) {

        /**
         * Applies another override to this one.
         *
         * @param stronger what it says counts, and this where it says nothing
         * @return the override that results
         */
        public Override with(Override stronger) {
            return new Override(
                    stronger.enabled == null ? enabled : stronger.enabled,
                    stronger.timeout == null ? timeout : stronger.timeout,
                    stronger.maxLifetime == null ? maxLifetime : stronger.maxLifetime,
                    stronger.singleFlight == null ? singleFlight : stronger.singleFlight,
                    stronger.maxActive == null ? maxActive : stronger.maxActive,
                    stronger.taskSupport == null ? taskSupport : stronger.taskSupport,
                    stronger.taskTtl == null ? taskTtl : stronger.taskTtl,
                    stronger.pollInterval == null ? pollInterval : stronger.pollInterval,
                    stronger.cancelOn == null ? cancelOn : stronger.cancelOn,
                    stronger.interruptOnCancel == null ? interruptOnCancel : stronger.interruptOnCancel);
        }
    }

    /**
     * Returns these settings with another timeout.
     *
     * @param value how long a call waits before it gets a handle; zero for a handle at once
     * @return the settings that result
     */
    public AsyncToolSettings withTimeout(Duration value) {
        return with(new Override(null, value, null, null, null, null, null, null, null, null));
    }

    /**
     * Applies an override.
     *
     * @param override what to change
     * @return the settings that result
     */
    public AsyncToolSettings with(Override override) {
        return new AsyncToolSettings(
                override.timeout() == null ? timeout : override.timeout(),
                override.maxLifetime() == null ? maxLifetime : override.maxLifetime(),
                override.singleFlight() == null ? singleFlight : override.singleFlight(),
                override.maxActive() == null ? maxActive : override.maxActive(),
                override.taskSupport() == null ? taskSupport : override.taskSupport(),
                override.taskTtl() == null ? taskTtl : override.taskTtl(),
                override.pollInterval() == null ? pollInterval : override.pollInterval(),
                override.cancelOn() == null ? cancelOn : override.cancelOn(),
                override.interruptOnCancel() == null ? interruptOnCancel : override.interruptOnCancel());
    }
}
