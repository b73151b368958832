package io.asyncmcp.server.tool;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.CancelOn;
import io.asyncmcp.server.exchange.ToolCall;
import io.asyncmcp.server.transport.RequestStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** Cancels or keeps the operation of a client that left without its reply, on protocols before 2026-07-28. Thread-safe. */
final class ClientDepartures {

    private final AsyncExecutor executor;

    private final UnansweredCalls unanswered;

    private final EqualCalls equal;

    private final ClientPatience patience;

    private final CancelOn byDefault;

    ClientDepartures(
            AsyncExecutor executor,
            UnansweredCalls unanswered,
            EqualCalls equal,
            ClientPatience patience,
            CancelOn byDefault) {
        this.executor = executor;
        this.unanswered = unanswered;
        this.equal = equal;
        this.patience = patience;
        this.byDefault = byDefault;
    }

    /** Ends with the operation that an equal call started before, if its client left without a reply. */
    CompletionStage<Optional<String>> take(AsyncToolSettings settings, OperationOwner owner, ToolCall call) {
        CompletionStage<Optional<String>> known = unanswered.take(owner, call);
        return settings.singleFlight() || call.terms().endsWithConnection()
                // It joins what runs, or has a protocol on which a client does not give up silently.
                ? known
                : known.thenCompose(found -> found.isPresent() ? known : takeOnceSettled(owner, call));
    }

    private CompletionStage<Optional<String>> takeOnceSettled(OperationOwner owner, ToolCall call) {
        Duration since = equal.unansweredFor(owner, call);
        return equal.settled(owner, call)
                .thenCompose(over -> unanswered.take(owner, call))
                .thenApply(found -> {
                    if (since != null && found.isEmpty()) {
                        // It has given the first call up in silence, or wants the same thing twice.
                        patience.calledAgain(call, owner, since);
                    }
                    return found;
                });
    }

    /** Follows the client until it has the reply. */
    void follow(AsyncToolSettings settings, OperationOwner owner, ToolCall call, StartedRun run) {
        RequestStream stream = call.stream();
        if (stream == null) {
            return;
        }
        CompletionStage<?> settled = stream.abandoned().thenRun(() -> {
            // Decided before the reply: one that is on its way makes a cancellation void.
            boolean cancelled = stream.cancelled().toCompletableFuture().isDone();
            if (cancels(settings, cancelled)) {
                cancel(run);
            } else {
                keep(settings, owner, call, run, stream);
            }
        });
        equal.opened(owner, call, settled);
    }

    /** The client may still come back: for the reply, to cancel, or with the same call. */
    private void keep(
            AsyncToolSettings settings, OperationOwner owner, ToolCall call, StartedRun run, RequestStream stream) {
        BooleanSupplier forget = unanswered.add(owner, call, run);
        stream.received().thenApply(had -> forget.getAsBoolean());
        if (cancels(settings, true)) {
            stream.cancelled().thenRun(() -> {
                // An equal call that has taken the operation is not what is given up.
                if (forget.getAsBoolean()) {
                    cancel(run);
                }
            });
        }
    }

    private boolean cancels(AsyncToolSettings settings, boolean cancelled) {
        if (settings.singleFlight()) {
            return false;
        }
        CancelOn cancelOn = settings.cancelOn() == null ? byDefault : settings.cancelOn();
        return cancelOn == CancelOn.DISCONNECT || cancelOn == CancelOn.REQUEST && cancelled;
    }

    private void cancel(StartedRun run) {
        run.id().thenAccept(id -> id.ifPresent(known -> executor.cancelAsync(known, null)));
    }
}
