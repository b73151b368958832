/**
 * The tool {@code echo}: an ordinary tool of Spring AI beside the asynchronous ones.
 * It shows that the library leaves alone what it was not asked to change.
 */
@NullMarked
package io.asyncmcp.sample.echo;

import org.jspecify.annotations.NullMarked;
