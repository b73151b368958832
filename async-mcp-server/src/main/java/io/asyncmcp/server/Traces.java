package io.asyncmcp.server;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.springframework.util.ClassUtils;

/**
 * What is left of an observation for what goes on below it: its name and its trace. The observation of an HTTP request holds on
 * to the request and the response, and an operation outlives both.
 */
final class Traces {

    private static final boolean TRACING = ClassUtils.isPresent(
            "io.micrometer.tracing.handler.TracingObservationHandler", Traces.class.getClassLoader());

    /** Nobody is told of what is never started: it can be current, and a parent, and that is all. */
    private static final ObservationRegistry QUIET = ObservationRegistry.create();

    static {
        // Without any handler there would be no observation either.
        QUIET.observationConfig().observationHandler(new Nobody());
    }

    /** Longer chains are those that have no end. */
    private static final int MAX_PARENTS = 32;

    private Traces() {}

    static Observation of(Observation observation) {
        return of(observation, MAX_PARENTS);
    }

    private static Observation of(Observation observation, int parents) {
        if (observation.isNoop() || observation.getContextView() instanceof Trace) {
            return observation;
        }
        Observation.ContextView known = observation.getContextView();
        Trace trace = new Trace();
        trace.setContextualName(known.getContextualName());
        if (TRACING) {
            Tracing.copy(known, trace);
        }
        String name = known.getName();
        Observation copy = Observation.createNotStarted(name == null ? "unnamed" : name, () -> trace, QUIET);
        // By default it would be the current one.
        trace.setParentObservation(
                known.getParentObservation() instanceof Observation parent && parents > 0
                        ? of(parent, parents - 1)
                        : null);
        return copy;
    }

    private static final class Trace extends Observation.Context {}

    private static final class Nobody implements ObservationHandler<Observation.Context> {

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }

    /** Apart, so that it is only loaded where Micrometer Tracing is. */
    private static final class Tracing {

        private Tracing() {}

        static void copy(Observation.ContextView from, Observation.Context to) {
            TracingContext known = from.get(TracingContext.class);
            if (known != null && known.getSpan() != null) {
                TracingContext copy = new TracingContext();
                copy.setSpan(known.getSpan());
                copy.setBaggage(known.getBaggage());
                to.put(TracingContext.class, copy);
            }
        }
    }
}
