/**
 * HTTP requests and their responses, without a word on how HTTP is served.
 *
 * @since 0.1.0
 */
@NullMarked
package io.asyncmcp.server.http;

import org.jspecify.annotations.NullMarked;
