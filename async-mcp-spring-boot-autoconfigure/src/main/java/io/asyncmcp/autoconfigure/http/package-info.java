/**
 * Auto-configuration of the Streamable HTTP endpoint.
 *
 * @since 0.1.0
 */
@NullMarked
package io.asyncmcp.autoconfigure.http;

import org.jspecify.annotations.NullMarked;
