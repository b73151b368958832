package io.asyncmcp.server;

import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.OperationBody;
import io.asyncmcp.OperationInterceptor;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;

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
                .clearMissing(true)
                .build();
    }

    @Override
    public OperationBody intercept(OperationBody body, ExecuteOptions options) {
        ContextSnapshot snapshot = snapshots.captureAll();
        return context -> {
            context.wrapCallbacks(snapshot::wrap);
            try (ContextSnapshot.Scope scope = snapshot.setThreadLocals()) {
                return body.run(context);
            }
        };
    }
}
