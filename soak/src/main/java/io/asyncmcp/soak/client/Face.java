package io.asyncmcp.soak.client;

/** The ways to reach an operation. */
public enum Face {
    /** The MCP Java SDK's client, which knows nothing of tasks. */
    GENERIC,
    /** Tasks of protocol 2025-11-25. */
    TASKS,
    /** Protocol 2026-07-28, with and without its Tasks extension. */
    MODERN
}
