/**
 * Clients that drive the running sample, and print what they see as a timeline.
 * They use the MCP SDK alone; nothing in here is part of the server.
 */
@NullMarked
package io.asyncmcp.sample.client;

import org.jspecify.annotations.NullMarked;
