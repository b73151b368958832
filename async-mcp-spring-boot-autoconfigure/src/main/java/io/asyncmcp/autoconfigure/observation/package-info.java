/**
 * A Micrometer observation around the body of each operation, so that a trace goes on from the call into the background.
 * Not the meters of operations: those count from the call, are exact about the outcome, and need no observation.
 */
@NullMarked
package io.asyncmcp.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
