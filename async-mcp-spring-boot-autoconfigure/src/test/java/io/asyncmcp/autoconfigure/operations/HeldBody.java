package io.asyncmcp.autoconfigure.operations;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationBody;
import io.asyncmcp.OperationContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A body that runs until the test lets it go, so that a test knows what runs without waiting for time to pass. */
public final class HeldBody implements OperationBody {

    private static final int PATIENCE_SECONDS = 10;

    private final CountDownLatch running = new CountDownLatch(1);

    private final CountDownLatch released = new CountDownLatch(1);

    private final OperationBody afterwards;

    public HeldBody() {
        this(context -> "the result nobody else may see");
    }

    /** @param afterwards what to do once let go */
    public HeldBody(OperationBody afterwards) {
        this.afterwards = afterwards;
    }

    @Override
    public Object run(OperationContext context) throws Exception {
        running.countDown();
        await(released);
        return afterwards.run(context);
    }

    public void release() {
        released.countDown();
    }

    /** Starts it, hands out a handle at once, and returns once the body runs. */
    public Operation promote(AsyncExecutor executor, ExecuteOptions options) throws InterruptedException {
        Operation handle = executor.execute(this, options.withTimeout(Duration.ZERO));
        await(running);
        return executor.find(handle.requireId(), null);
    }

    /** Starts it and returns once the body runs; the future is its caller's. */
    public CompletableFuture<Operation> start(AsyncExecutor executor, ExecuteOptions options)
            throws InterruptedException {
        CompletableFuture<Operation> answer =
                executor.executeAsync(this, options).toCompletableFuture();
        await(running);
        return answer;
    }

    /** Starts it, lets it go and returns its end, which every listener has been told of. */
    public Operation finish(AsyncExecutor executor, ExecuteOptions options) throws Exception {
        CompletableFuture<Operation> answer = start(executor, options);
        release();
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("what the test waits for did not happen");
        }
    }
}
