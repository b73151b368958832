package io.asyncmcp.sample.fractal;

/**
 * The part of the plane that a picture shows.
 *
 * @param center what is in the middle of the picture
 * @param zoom how many times closer than a look at the whole set, which is three units high
 */
record View(Point center, double zoom) {

    private static final double WHOLE_HEIGHT = 3.0;

    private static final double FARTHEST = 4.0;

    /** Beyond this neighbouring pixels are the same number: a double has no more digits. */
    private static final double CLOSEST = 1e12;

    View {
        Bounds.check("centerX", center.x(), -FARTHEST, FARTHEST, "the sets lie within 2 of the origin");
        Bounds.check("centerY", center.y(), -FARTHEST, FARTHEST, "the sets lie within 2 of the origin");
        Bounds.check("zoom", zoom, 0.1, CLOSEST, "1 shows the whole set");
    }

    /** Returns how far apart two neighbouring rows are. */
    double step(int rows) {
        return WHOLE_HEIGHT / zoom / rows;
    }
}
