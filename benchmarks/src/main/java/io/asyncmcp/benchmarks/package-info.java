/**
 * Runs benchmarks and tells what came out.
 * A benchmark measures the starter and a baseline in the same run; what counts is the ratio, over several runs.
 */
@NullMarked
package io.asyncmcp.benchmarks;

import org.jspecify.annotations.NullMarked;
