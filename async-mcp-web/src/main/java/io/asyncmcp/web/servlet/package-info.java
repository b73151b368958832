/**
 * The endpoint on WebMVC.
 *
 * @since 0.1.0
 */
@NullMarked
package io.asyncmcp.web.servlet;

import org.jspecify.annotations.NullMarked;
