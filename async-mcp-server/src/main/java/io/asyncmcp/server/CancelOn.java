package io.asyncmcp.server;

/**
 * What its client must do for an operation to be cancelled, as long as the client has no handle to come back with. An operation that
 * other calls may have joined is never cancelled so.
 *
 * @since 0.1.0
 */
public enum CancelOn {

    /** Nothing: the work goes on, and the same call again is given it. */
    NEVER,

    /** Cancel the request with {@code notifications/cancelled}. A lost connection leaves the work running. */
    REQUEST,

    /** Cancel the request, or go away: close the connection, or lose it. */
    DISCONNECT
}
