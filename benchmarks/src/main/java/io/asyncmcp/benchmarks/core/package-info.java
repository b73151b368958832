/**
 * Benchmarks of the executor alone.
 * Each measures a baseline of bare JDK parts in the same JVM; no server and no protocol.
 */
@NullMarked
package io.asyncmcp.benchmarks.core;

import org.jspecify.annotations.NullMarked;
