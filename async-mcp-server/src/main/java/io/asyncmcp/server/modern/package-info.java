/**
 * Protocol 2026-07-28, which the SDK does not speak, and its extension {@code io.modelcontextprotocol/tasks}. Nothing else
 * depends on this package: it can go the day the SDK does the job.
 */
@NullMarked
package io.asyncmcp.server.modern;

import org.jspecify.annotations.NullMarked;
