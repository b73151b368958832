/**
 * The endpoint on WebFlux.
 *
 * @since 0.1.0
 */
@NullMarked
package io.asyncmcp.web.reactive;

import org.jspecify.annotations.NullMarked;
