package io.asyncmcp.autoconfigure.observation;

import io.asyncmcp.OperationStatus;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What a convention may know of an operation it names.
 *
 * @since 0.1.0
 */
public final class OperationObservationContext extends Observation.Context {

    private final String tool;

    private volatile @Nullable OperationStatus outcome;

    OperationObservationContext(String tool) {
        this.tool = tool;
    }

    /**
     * Returns what runs.
     *
     * @return the tool's name, or the type of an operation that the application started itself
     */
    public String getTool() {
        return tool;
    }

    /**
     * Returns how the body ended. A body that was stopped, by a cancellation or because it outlived its lifetime, is
     * {@link OperationStatus#CANCELLED}.
     *
     * @return a terminal state, or {@code null} as long as the body runs
     */
    public @Nullable OperationStatus getOutcome() {
        return outcome;
    }

    void setOutcome(OperationStatus newOutcome) {
        outcome = newOutcome;
    }
}
