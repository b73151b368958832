package io.asyncmcp.server.transport;

import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderThreadLocalAccessor;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Puts the security context of a reactive chain where snapshots for threads find it, so that a tool can ask the
 * {@code SecurityContextHolder} on WebFlux as it does on WebMVC.
 */
final class ReactiveSecurity {

    private static final boolean SPRING_SECURITY = ClassUtils.isPresent(
            "org.springframework.security.core.context.SecurityContextHolderThreadLocalAccessor",
            ReactiveSecurity.class.getClassLoader());

    private ReactiveSecurity() {}

    /** Tells whether a chain has a security context that has to be waited for; never without Spring Security, or on WebMVC. */
    static boolean isPending(ContextView view) {
        return SPRING_SECURITY && Secured.isPending(view);
    }

    /** Returns the context of a chain with the security context in the place of the promise of one. */
    static Mono<ContextView> resolve(ContextView view) {
        return isPending(view) ? Secured.resolve(view) : Mono.just(view);
    }

    /** Apart, so that it is only loaded where Spring Security is. */
    private static final class Secured {

        private static final Object KEY = new SecurityContextHolderThreadLocalAccessor().key();

        private Secured() {}

        static boolean isPending(ContextView view) {
            return view.getOrDefault(SecurityContext.class, null) instanceof Mono<?>;
        }

        static Mono<ContextView> resolve(ContextView view) {
            return view.<Mono<?>>get(SecurityContext.class)
                    .<ContextView>map(known -> resolved(view, Mono.just(known)).put(KEY, known))
                    .defaultIfEmpty(resolved(view, Mono.empty()));
        }

        /** What is pending holds on to the HTTP request that it is read from. */
        private static Context resolved(ContextView view, Mono<?> known) {
            return Context.of(view).put(SecurityContext.class, known);
        }
    }
}
