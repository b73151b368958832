/**
 * The tool {@code wait_for}: nothing but time.
 * For trying out handles, progress and cancellation without keeping a processor busy.
 */
@NullMarked
package io.asyncmcp.sample.waiting;

import org.jspecify.annotations.NullMarked;
