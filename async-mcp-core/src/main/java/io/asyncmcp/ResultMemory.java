package io.asyncmcp;

/**
 * How much memory the results of ended operations take up.
 *
 * @param bytes the size of those that are kept
 * @param dropped how many were dropped so far to make room for others
 * @since 0.1.0
 */
public record ResultMemory(long bytes, long dropped) {}
