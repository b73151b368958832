package io.asyncmcp.autoconfigure.observation;

import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.OperationBody;
import io.asyncmcp.OperationContext;
import io.asyncmcp.OperationInterceptor;
import io.asyncmcp.OperationStatus;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Makes one observation per operation, from the start of its body to its end, below the one that was current where the
 * operation was asked for. The observation is current on the body's thread while the body is there.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public final class ObservingInterceptor implements OperationInterceptor {

    private static final OperationObservationConvention DEFAULT = new DefaultOperationObservationConvention();

    private final ObservationRegistry registry;

    private final @Nullable OperationObservationConvention convention;

    /**
     * Creates the interceptor.
     *
     * @param registry where the observations go
     * @param convention what names them, or {@code null} for {@link DefaultOperationObservationConvention}
     */
    public ObservingInterceptor(ObservationRegistry registry, @Nullable OperationObservationConvention convention) {
        this.registry = registry;
        this.convention = convention;
    }

    @Override
    public OperationBody intercept(OperationBody body, ExecuteOptions options) {
        if (registry.isNoop()) {
            return body;
        }
        // Started with the body and not here: what is refused or cancelled in the queue must not leave one behind.
        Observation parent = registry.getCurrentObservation();
        return new Observed(body, options, parent);
    }

    /** What a body throws because it was stopped is no error. */
    private static void stopFailed(
            Observation observation, OperationObservationContext context, Throwable error, boolean stopped) {
        if (!stopped) {
            observation.error(error);
        }
        stop(observation, context, stopped ? OperationStatus.CANCELLED : OperationStatus.FAILED);
    }

    private static void stop(Observation observation, OperationObservationContext context, OperationStatus outcome) {
        context.setOutcome(outcome);
        observation.stop();
    }

    private static OperationStatus outcomeOf(@Nullable Object result, ExecuteOptions options) {
        try {
            return options.reportsFailure().test(result) ? OperationStatus.FAILED : OperationStatus.COMPLETED;
        } catch (RuntimeException e) {
            // The executor runs into the same and fails the operation with it.
            return OperationStatus.FAILED;
        }
    }

    private static Throwable unwrap(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    /** A body that is observed while it runs. */
    private final class Observed implements OperationBody {

        private final OperationBody body;

        private final ExecuteOptions options;

        private final @Nullable Observation parent;

        Observed(OperationBody body, ExecuteOptions options, @Nullable Observation parent) {
            this.body = body;
            this.options = options;
            this.parent = parent;
        }

        @Override
        @SuppressWarnings("try") // a scope is there to be closed
        public @Nullable Object run(OperationContext operation) throws Exception {
            OperationObservationContext context = new OperationObservationContext(options.type());
            Observation observation = Observation.createNotStarted(convention, DEFAULT, () -> context, registry);
            if (parent != null) {
                observation.parentObservation(parent);
            }
            observation.start();
            operation.wrapCallbacks(callback -> () -> {
                if (context.getOutcome() != null) {
                    callback.run();
                    return;
                }
                try (Observation.Scope scope = observation.openScope()) {
                    callback.run();
                }
            });
            Object result;
            try (Observation.Scope scope = observation.openScope()) {
                result = body.run(operation);
            } catch (Throwable e) {
                stopFailed(observation, context, e, operation.isCancelled());
                throw e;
            }
            if (result instanceof CompletionStage<?> stage) {
                // The body's own stage is what goes back: a stage derived from it would not pass a cancellation on.
                stage.whenComplete((value, error) -> {
                    if (error == null) {
                        stop(observation, context, outcomeOf(value, options));
                    } else {
                        Throwable cause = unwrap(error);
                        stopFailed(observation, context, cause, cause instanceof CancellationException);
                    }
                });
            } else {
                stop(
                        observation,
                        context,
                        operation.isCancelled() ? OperationStatus.CANCELLED : outcomeOf(result, options));
            }
            return result;
        }
    }
}
