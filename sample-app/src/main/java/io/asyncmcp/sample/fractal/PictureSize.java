package io.asyncmcp.sample.fractal;

/**
 * How many pixels a picture has.
 *
 * @param width pixels from left to right
 * @param height pixels from top to bottom
 */
record PictureSize(int width, int height) {

    private static final int MAX_SIDE = 4096;

    private static final int MAX_PIXELS = 4_000_000;

    PictureSize {
        Bounds.check("width", width, 1, MAX_SIDE, "choose a size in between");
        Bounds.check("height", height, 1, MAX_SIDE, "choose a size in between");
        if (width * height > MAX_PIXELS) {
            throw new IllegalArgumentException("width x height must be at most " + MAX_PIXELS + " pixels, but was "
                    + width + " x " + height + "; ask for a smaller picture");
        }
    }
}
