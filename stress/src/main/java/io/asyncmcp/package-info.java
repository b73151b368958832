/**
 * Races inside the core that nobody can bring about from outside.
 * They are in the core's own package for this reason alone.
 */
@NullMarked
package io.asyncmcp;

import org.jspecify.annotations.NullMarked;
