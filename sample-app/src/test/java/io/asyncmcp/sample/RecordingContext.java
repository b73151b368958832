package io.asyncmcp.sample;

import io.asyncmcp.OperationContext;
import io.asyncmcp.OperationOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An operation that runs on the test's own thread, remembers its progress, and is cancelled after so many reports. */
public final class RecordingContext implements OperationContext {

    private final int reportsUntilCancelled;

    private final List<Report> reports = new ArrayList<>();

    public record Report(
            double progress,
            @Nullable Double total,
            @Nullable String message) {}

    private RecordingContext(int reportsUntilCancelled) {
        this.reportsUntilCancelled = reportsUntilCancelled;
    }

    public static RecordingContext running() {
        return new RecordingContext(Integer.MAX_VALUE);
    }

    public static RecordingContext cancelledAfter(int reports) {
        return new RecordingContext(reports);
    }

    public List<Report> reports() {
        return reports;
    }

    @Override
    public void progress(double progress, @Nullable Double total, @Nullable String message) {
        reports.add(new Report(progress, total, message));
    }

    @Override
    public boolean isCancelled() {
        return reports.size() >= reportsUntilCancelled;
    }

    @Override
    public String operationId() {
        return "a".repeat(26);
    }

    @Override
    public String operationType() {
        return "test";
    }

    @Override
    public OperationOwner owner() {
        return OperationOwner.APPLICATION;
    }

    @Override
    public void onCancel(Runnable callback) {}

    @Override
    public void wrapCallbacks(UnaryOperator<Runnable> wrapper) {}

    @Override
    public CompletionStage<@Nullable Object> requestInput(String method, @Nullable Object params) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException(method));
    }

    @Override
    public CompletionStage<@Nullable Object> requestInput(String key, String method, @Nullable Object params) {
        return requestInput(method, params);
    }
}
