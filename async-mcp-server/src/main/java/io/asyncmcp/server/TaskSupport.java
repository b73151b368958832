package io.asyncmcp.server;

/**
 * Whether a tool can be called as a task of protocol 2025-11-25.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#tool-level-negotiation">
 *     Tasks, tool-level negotiation</a>
 * @since 0.1.0
 */
public enum TaskSupport {
    /** Calls that ask for a task are refused. What every plain tool is. */
    FORBIDDEN,
    /** Both kinds of call are taken; the default of asynchronous tools. */
    OPTIONAL,
    /** Calls that do not ask for a task are refused. */
    REQUIRED
}
