/**
 * The questions of operations: who asks them, whether an answer fits, and what becomes of it. The faces differ in how a question is
 * shown.
 *
 * @since 0.1.0
 */
@NullMarked
package io.asyncmcp.server.question;

import org.jspecify.annotations.NullMarked;
