/**
 * What a running tool sees of its client.
 *
 * <p>The exchange is detached from the request, so that it outlives it; the requests that wait at the moment get what the tool sends.
 */
@NullMarked
package io.asyncmcp.server.exchange;

import org.jspecify.annotations.NullMarked;
