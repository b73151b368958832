package io.asyncmcp.server.tool;

import io.asyncmcp.Operation;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The operation that a call has started. It has an id once somebody needs one: before that there is nothing to clear away.
 *
 * <p>Thread-safe.
 */
final class StartedRun {

    /** Ends when the id can be had: the body begins, or the call stops waiting. */
    private final CompletableFuture<Supplier<Optional<String>>> known = new CompletableFuture<>();

    static StartedRun of(String operationId) {
        StartedRun run = new StartedRun();
        run.known.complete(() -> Optional.of(operationId));
        return run;
    }

    /** The body begins, and can give its operation an id at any time. */
    void begun(Supplier<String> operationId) {
        known.complete(() -> Optional.of(operationId.get()));
    }

    /**
     * The wait is over. An operation that is still queued has its id by now.
     *
     * @param operation how it stands, or {@code null} if there is none
     */
    void waited(@Nullable Operation operation) {
        known.complete(() -> Optional.ofNullable(operation).map(Operation::id));
    }

    /** Gives the operation an id, as soon as that can be done; empty if it never began. */
    CompletionStage<Optional<String>> id() {
        return known.thenApply(Supplier::get);
    }
}
