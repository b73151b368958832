package io.asyncmcp.server;

/**
 * Whether a tool can be called as a task.
 *
 * <p>A client of protocol 2025-11-25 asks for one, a client of protocol 2026-07-28 says that it can handle one.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#tool-level-negotiation">
 *     Tasks, tool-level negotiation</a>
 * @since 0.1.0
 */
public enum TaskSupport {
    /** Calls that ask for a task are refused, and no call becomes one. What every plain tool is. */
    FORBIDDEN,
    /** Both kinds of call are taken; the default of asynchronous tools. */
    OPTIONAL,
    /** Calls that do not ask for a task, or cannot handle one, are refused. */
    REQUIRED
}
