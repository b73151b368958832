package io.asyncmcp;

import io.asyncmcp.OperationFailure.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Makes the states that tests of other packages need. */
public final class Operations {

    private Operations() {}

    public static Operation queued(String type, OperationOwner owner, Instant createdAt) {
        return Operation.queued(type, owner, createdAt, null);
    }

    public static Operation withTtl(Operation operation, Duration ttl) {
        return operation.withTtlOfAtLeast(ttl);
    }

    public static Operation working(Operation operation) {
        return operation.working(operation.createdAt());
    }

    public static Operation asking(Operation operation, String key) {
        return operation.withInputs(List.of(new InputRequest(key, "ask", null, false, null)), operation.createdAt());
    }

    public static Operation progressed(Operation operation, double progress) {
        return operation.withProgress(new Progress(progress, null, null), operation.createdAt());
    }

    public static Operation completed(Operation operation, Object result) {
        return operation.completed(result, operation.createdAt());
    }

    public static Operation failed(Operation operation, String message) {
        return operation.failed(new OperationFailure(Reason.EXCEPTION, message, null), null, operation.createdAt());
    }

    public static Operation cancelled(Operation operation) {
        return operation.cancelled(operation.createdAt());
    }
}
