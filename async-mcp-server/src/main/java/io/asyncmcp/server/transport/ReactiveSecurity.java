package io.asyncmcp.server.transport;

import java.util.function.Function;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderThreadLocalAccessor;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Puts the security context of a reactive chain where snapshots for threads find it, so that a tool can ask the
 * {@code SecurityContextHolder} on WebFlux as it does on WebMVC.
 *
 * @since 0.1.0
 */
public final class ReactiveSecurity {

    private static final boolean SPRING_SECURITY = ClassUtils.isPresent(
            "org.springframework.security.core.context.SecurityContextHolderThreadLocalAccessor",
            ReactiveSecurity.class.getClassLoader());

    private ReactiveSecurity() {}

    /**
     * Goes on with the context of the chain; without Spring Security, or on WebMVC, it is what it was.
     *
     * @param next what to do with the context
     * @param <T> what comes of it
     * @return what {@code next} returns
     */
    public static <T> Mono<T> deferContextual(Function<ContextView, Mono<T>> next) {
        return Mono.deferContextual(view -> SPRING_SECURITY ? Secured.unfold(view, next) : next.apply(view));
    }

    /** Apart, so that it is only loaded where Spring Security is. */
    private static final class Secured {

        private static final Object KEY = new SecurityContextHolderThreadLocalAccessor().key();

        private Secured() {}

        static <T> Mono<T> unfold(ContextView view, Function<ContextView, Mono<T>> next) {
            return view.getOrDefault(SecurityContext.class, null) instanceof Mono<?> pending
                    ? pending.<ContextView>map(
                                    known -> resolved(view, Mono.just(known)).put(KEY, known))
                            .defaultIfEmpty(resolved(view, Mono.empty()))
                            .flatMap(next)
                    : next.apply(view);
        }

        /** What is pending holds on to the HTTP request that it is read from. */
        private static Context resolved(ContextView view, Mono<?> known) {
            return Context.of(view).put(SecurityContext.class, known);
        }
    }
}
