package io.asyncmcp.autoconfigure;

import io.asyncmcp.AsyncExecutorBuilder;

/**
 * Changes the auto-configured executor before it is built. Ordered.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface AsyncExecutorBuilderCustomizer {

    /**
     * Changes the builder.
     *
     * @param builder with everything set that is auto-configured
     */
    void customize(AsyncExecutorBuilder builder);
}
