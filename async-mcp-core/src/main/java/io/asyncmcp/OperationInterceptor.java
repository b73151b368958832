package io.asyncmcp;

/**
 * Wraps the body of every operation, for context propagation and observation.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface OperationInterceptor {

    /**
     * Wraps a body. Called on the caller's thread, where what is to be carried over can be captured; the body it returns
     * runs on the operation's thread.
     *
     * @param body the body to wrap
     * @param options how it will be run
     * @return the wrapped body
     */
    OperationBody intercept(OperationBody body, ExecuteOptions options);
}
