package io.asyncmcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.InputResponse;
import io.asyncmcp.OperationBody;
import io.micrometer.context.ContextRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Real threads, in an application whose threads inherit the identity of their makers wherever nobody sees to it. */
class ContextPropagationTests {

    private static final ExecuteOptions AT_ONCE =
            ExecuteOptions.ofType("report").withTimeout(Duration.ZERO);

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private AsyncExecutor executor;

    @BeforeEach
    void inherit() {
        SecurityContextHolder.setStrategyName(SecurityContextHolder.MODE_INHERITABLETHREADLOCAL);
        executor = AsyncExecutor.builder()
                .interceptor(new ContextPropagation(new ContextRegistry().loadThreadLocalAccessors()))
                .build();
    }

    @AfterEach
    void clear() {
        executor.close();
        SecurityContextHolder.clearContext();
        SecurityContextHolder.setStrategyName(SecurityContextHolder.MODE_THREADLOCAL);
        MDC.clear();
        LocaleContextHolder.resetLocaleContext();
    }

    private static void become(String name, Locale locale) {
        SecurityContextHolder.clearContext();
        SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken(name, "secret"));
        MDC.put("user", name);
        LocaleContextHolder.setLocale(locale, true);
    }

    private void note(String what) {
        Authentication user = SecurityContextHolder.getContext().getAuthentication();
        seen.add(what + ": " + (user == null ? "nobody" : user.getName()) + ", " + MDC.get("user") + ", "
                + LocaleContextHolder.getLocale());
    }

    private @Nullable String next() throws InterruptedException {
        return seen.poll(20, TimeUnit.SECONDS);
    }

    private String started(OperationBody body) throws InterruptedException {
        return executor.execute(body, AT_ONCE).requireId();
    }

    @Test
    void localeThatCannotBeReadIsNone() throws Exception {
        become("alice", Locale.FRENCH);
        LocaleContextHolder.setLocaleContext((LocaleContext) () -> {
            throw new IllegalArgumentException("too many in the header");
        });

        started(operation -> {
            note("body");
            return new CompletableFuture<>();
        });

        assertThat(next()).isEqualTo("body: alice, alice, " + Locale.getDefault());
    }

    @Test
    void nothingOfAnOperationRunsAsAnybodyElse() throws Exception {
        become("alice", Locale.FRENCH);
        CompletableFuture<Object> stage = new CompletableFuture<>();
        stage.whenComplete((value, error) -> note("stage"));
        String id = started(operation -> {
            operation.onCancel(() -> note("callback"));
            operation.requestInput("ask", "elicitation/create", null).thenAccept(answer -> note("answer"));
            note("body");
            return stage;
        });
        assertThat(next()).isEqualTo("body: alice, alice, fr");

        // The first to need a callback thread, and so its maker.
        become("admin", Locale.GERMAN);
        executor.answerInput(id, null, "ask", InputResponse.of("yes"));
        assertThat(next()).isEqualTo("answer: alice, alice, fr");
        executor.cancel(id, null);
        assertThat(List.of(next(), next()))
                .containsExactlyInAnyOrder("stage: alice, alice, fr", "callback: alice, alice, fr");

        SecurityContextHolder.clearContext();
        MDC.clear();
        LocaleContextHolder.resetLocaleContext();
        executor.execute(
                operation -> {
                    note("other");
                    return "done";
                },
                AT_ONCE);
        assertThat(next()).isEqualTo("other: nobody, null, " + Locale.getDefault());
    }

    /** Spring MVC looks at the request, which may be another one's by the time that somebody asks. */
    @Test
    void localeIsThatOfTheMomentOfTheCall() throws Exception {
        Locale[] ofTheRequest = {Locale.FRENCH};
        LocaleContextHolder.setLocaleContext((LocaleContext) () -> ofTheRequest[0]);
        CompletableFuture<Object> recycled = new CompletableFuture<>();
        started(operation -> {
            recycled.join();
            note("body");
            return "done";
        });

        ofTheRequest[0] = Locale.GERMAN;
        recycled.complete("recycled");

        assertThat(next()).endsWith(", fr");
    }
}
