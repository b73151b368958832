/**
 * The tool {@code render_fractal}: pictures of the Mandelbrot set and of Julia sets.
 * Work that keeps a processor busy for as long as one likes, reports each row and can be stopped at any time.
 */
@NullMarked
package io.asyncmcp.sample.fractal;

import org.jspecify.annotations.NullMarked;
