/**
 * The Streamable HTTP endpoint for every protocol version, without a word on how HTTP is served.
 *
 * @since 0.1.0
 */
@NullMarked
package io.asyncmcp.web;

import org.jspecify.annotations.NullMarked;
