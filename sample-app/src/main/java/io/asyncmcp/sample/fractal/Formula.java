package io.asyncmcp.sample.fractal;

import org.jspecify.annotations.Nullable;

/**
 * The rule z becomes z² + c: of the Mandelbrot set, where c is the point itself, or of the Julia set of a constant.
 *
 * @param maxIterations after how many steps a point counts as one that never leaves
 * @param julia the constant, or {@code null} for the Mandelbrot set
 */
record Formula(int maxIterations, @Nullable Point julia) {

    /** What {@link #escapeTime} returns for a point that does not leave. */
    static final double NEVER = -1;

    private static final int MOST_ITERATIONS = 100_000;

    /** Far outside the circle of radius 2, so that the fraction of the escape time is smooth. */
    private static final double FAR = 1 << 16;

    Formula {
        Bounds.check("maxIterations", maxIterations, 1, MOST_ITERATIONS, "500 is plenty for a look at the whole set");
        if (julia != null) {
            Bounds.check("juliaX", julia.x(), -2, 2, "try -0.8 with juliaY 0.156");
            Bounds.check("juliaY", julia.y(), -2, 2, "try 0.156 with juliaX -0.8");
        }
    }

    /** Returns after how many steps the point leaves, with a fraction, or {@link #NEVER}. */
    double escapeTime(double x, double y) {
        double cx = julia == null ? x : julia.x();
        double cy = julia == null ? y : julia.y();
        double zx = x;
        double zy = y;
        for (int step = 0; step < maxIterations; step++) {
            double xx = zx * zx;
            double yy = zy * zy;
            if (xx + yy > FAR) {
                return step + 1 - Math.log(Math.log(xx + yy) / 2 / Math.log(2)) / Math.log(2);
            }
            zy = 2 * zx * zy + cy;
            zx = xx - yy + cx;
        }
        return NEVER;
    }
}
