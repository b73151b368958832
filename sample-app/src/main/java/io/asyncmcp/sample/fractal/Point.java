package io.asyncmcp.sample.fractal;

/**
 * A point of the complex plane.
 *
 * @param x the real part
 * @param y the imaginary part
 */
record Point(double x, double y) {}
