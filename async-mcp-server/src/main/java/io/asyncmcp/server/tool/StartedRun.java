package io.asyncmcp.server.tool;

import io.asyncmcp.Operation;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The operation that a call has started, which gets an id once one is needed. Thread-safe. */
final class StartedRun {

    /** Ends when the id can be had: the body begins, or the call stops waiting. */
    private final CompletableFuture<Supplier<Optional<String>>> known = new CompletableFuture<>();

    static StartedRun of(String operationId) {
        StartedRun run = new StartedRun();
        run.known.complete(() -> Optional.of(operationId));
        return run;
    }

    /** Notes that the body begins, and can give its operation an id at any time. */
    void begun(Supplier<String> operationId) {
        known.complete(() -> Optional.of(operationId.get()));
    }

    /** Notes that the wait is over; a queued operation has its id by now, and {@code null} stands for no operation. */
    void waited(@Nullable Operation operation) {
        known.complete(() -> Optional.ofNullable(operation).map(Operation::id));
    }

    /** Gives the operation an id as soon as that is possible; empty if it never began. */
    CompletionStage<Optional<String>> id() {
        return known.thenApply(Supplier::get);
    }
}
