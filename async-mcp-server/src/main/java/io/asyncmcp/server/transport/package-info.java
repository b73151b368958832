/**
 * Wrappers around the SDK's transports.
 *
 * <p>They let a reply be sent long after its handler has returned, so that no thread waits, and take answers that come late.
 */
@NullMarked
package io.asyncmcp.server.transport;

import org.jspecify.annotations.NullMarked;
