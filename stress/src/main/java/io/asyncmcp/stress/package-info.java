/**
 * Races of the core, for jcstress: two actors each make one step of a race, and an arbiter looks at what came of it.
 * Every race is driven through an executor that has no threads of its own.
 */
@NullMarked
package io.asyncmcp.stress;

import org.jspecify.annotations.NullMarked;
