/**
 * What a running tool sees of its client.
 *
 * <p>The exchange is detached from the request, so that it outlives it; whoever waits at the moment gets what the tool sends.
 */
@NullMarked
package io.asyncmcp.server.exchange;

import org.jspecify.annotations.NullMarked;
