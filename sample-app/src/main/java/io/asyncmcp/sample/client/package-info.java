/**
 * Clients that drive the running sample, and print what they see as a timeline.
 * They use the MCP SDK, or HTTP where its own work would be in the way; nothing in here is part of the server.
 */
@NullMarked
package io.asyncmcp.sample.client;

import org.jspecify.annotations.NullMarked;
