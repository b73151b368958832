/**
 * What makes operations run, and lets others know when they change.
 *
 * <p>The contract of an engine, and the one that runs operations on this process's threads.
 */
@NullMarked
package io.asyncmcp.engine;

import org.jspecify.annotations.NullMarked;
