/**
 * What the model reads.
 *
 * <p>Every text and structure that is ours in an answer is written here.
 */
@NullMarked
package io.asyncmcp.server.answer;

import org.jspecify.annotations.NullMarked;
