/**
 * Turning tools into operations.
 *
 * <p>The tools an application declares are wrapped here, and the tools that come back for a result are made here.
 */
@NullMarked
package io.asyncmcp.server.tool;

import org.jspecify.annotations.NullMarked;
