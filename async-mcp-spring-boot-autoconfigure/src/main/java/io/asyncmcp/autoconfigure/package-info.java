/**
 * Turns {@code async.mcp.*} properties and the beans of an application into a working server.
 * Wiring and conditions only: behaviour lives in the modules below.
 */
@NullMarked
package io.asyncmcp.autoconfigure;

import org.jspecify.annotations.NullMarked;
