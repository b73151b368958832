package io.asyncmcp.autoconfigure.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observations of operations and chooses their key values. A bean of this type replaces
 * {@link DefaultOperationObservationConvention}.
 *
 * @since 0.1.0
 */
public interface OperationObservationConvention extends ObservationConvention<OperationObservationContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof OperationObservationContext;
    }
}
