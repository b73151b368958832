/**
 * Micrometer meters: what an executor holds at the moment, and what has happened to its operations.
 * No meter carries an id, an owner or text; the one tag from the application is the tool's name.
 */
@NullMarked
package io.asyncmcp.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
