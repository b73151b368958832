/**
 * Serves protocol 2026-07-28 on the server's own endpoint. Nothing else depends on this package: it can go the day the SDK
 * does the job.
 */
@NullMarked
package io.asyncmcp.autoconfigure.modern;

import org.jspecify.annotations.NullMarked;
