package io.asyncmcp.autoconfigure.observation;

import io.asyncmcp.OperationStatus;
import io.micrometer.common.KeyValues;
import java.util.Locale;

/**
 * The names used unless the application brings its own: {@code async.mcp.operation} with {@code tool} and
 * {@code outcome}. Meant to be extended.
 *
 * @since 0.1.0
 */
public class DefaultOperationObservationConvention implements OperationObservationConvention {

    @Override
    public String getName() {
        return "async.mcp.operation";
    }

    @Override
    public String getContextualName(OperationObservationContext context) {
        return "async-mcp " + context.getTool();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(OperationObservationContext context) {
        OperationStatus outcome = context.getOutcome();
        return KeyValues.of(
                "tool",
                context.getTool(),
                "outcome",
                outcome == null ? "unknown" : outcome.name().toLowerCase(Locale.ROOT));
    }
}
