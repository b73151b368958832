package io.asyncmcp.autoconfigure;

import io.asyncmcp.ExecutorConfig;

/**
 * Changes the configuration that the properties make, before the executor is built. Ordered.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ExecutorConfigCustomizer {

    /**
     * Changes a configuration.
     *
     * @param config the configuration so far
     * @return the configuration to use
     */
    ExecutorConfig customize(ExecutorConfig config);
}
