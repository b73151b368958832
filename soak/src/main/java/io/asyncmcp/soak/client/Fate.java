package io.asyncmcp.soak.client;

/** What a client knows in the end of an operation that it wanted. */
public enum Fate {
    COMPLETED,
    FAILED,
    CANCELLED,
    /** There never was one. */
    REFUSED,
    /** It was there, and nobody looked. */
    LEFT,
    /** The connection was closed before it was known whether there is one. */
    LOST;

    public boolean isKnownEnd() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
