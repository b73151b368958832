package io.asyncmcp.server;

import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.OperationBody;
import io.asyncmcp.OperationInterceptor;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.util.function.Supplier;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Carries what is bound to the caller's thread over to the operation's: the security context, the current observation,
 * the logging context, the locale, and whatever else has a {@code ThreadLocalAccessor}. Cancellation callbacks and
 * continuations of questions have it too.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public final class ContextPropagation implements OperationInterceptor {

    /** Spring Security binds it to threads, on WebFlux. */
    private static final String EXCHANGE = "org.springframework.web.server.ServerWebExchange";

    private static final ContextSnapshotFactory REQUESTS = ContextSnapshotFactory.builder()
            .captureKeyPredicate(ContextPropagation::outlivesRequest)
            .build();

    private final ContextSnapshotFactory snapshots;

    /** Creates it on the registry every library registers with. */
    public ContextPropagation() {
        this(ContextRegistry.getInstance());
    }

    /**
     * Creates it.
     *
     * @param registry knows what can be carried over; an accessor of the logging context is added if there is none, and one
     *     of the locale
     */
    public ContextPropagation(ContextRegistry registry) {
        boolean carriesMdc = registry.getThreadLocalAccessors().stream()
                .anyMatch(accessor -> Slf4jThreadLocalAccessor.KEY.equals(accessor.key()));
        if (!carriesMdc) {
            registry.registerThreadLocalAccessor(new Slf4jThreadLocalAccessor());
        }
        registry.registerThreadLocalAccessor(new LocaleAccessor());
        this.snapshots = ContextSnapshotFactory.builder()
                .contextRegistry(registry)
                .captureKeyPredicate(ContextPropagation::outlivesRequest)
                .clearMissing(true)
                .build();
    }

    /**
     * Captures what is bound to the caller's thread, or is in the context of its reactive chain. Of the current observation it
     * takes the trace alone, so that nothing of an HTTP request is kept that is over.
     *
     * @param view the context of the reactive chain
     * @return the snapshot
     */
    public static ContextSnapshot capture(ContextView view) {
        ContextView known =
                view.getOrDefault(ObservationThreadLocalAccessor.KEY, null) instanceof Observation observation
                        ? Context.of(view).put(ObservationThreadLocalAccessor.KEY, Traces.of(observation))
                        : view;
        return withoutRequest(() -> REQUESTS.captureAll(known));
    }

    private static boolean outlivesRequest(Object key) {
        return !(key instanceof Class<?> type && type.getName().equals(EXCHANGE));
    }

    private static ContextSnapshot withoutRequest(Supplier<ContextSnapshot> capture) {
        Observation current = ObservationThreadLocalAccessor.getInstance().getValue();
        if (current == null) {
            return capture.get();
        }
        try (Observation.Scope scope = Traces.of(current).openScope()) {
            return capture.get();
        }
    }

    @Override
    public OperationBody intercept(OperationBody body, ExecuteOptions options) {
        ContextSnapshot snapshot = withoutRequest(snapshots::captureAll);
        return context -> {
            context.wrapCallbacks(snapshot::wrap);
            try (ContextSnapshot.Scope scope = snapshot.setThreadLocals()) {
                return body.run(context);
            }
        };
    }
}
