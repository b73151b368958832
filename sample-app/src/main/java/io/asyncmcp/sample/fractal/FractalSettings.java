package io.asyncmcp.sample.fractal;

/**
 * What to draw.
 *
 * @param size the picture's size
 * @param view the part of the plane
 * @param formula what decides about a point
 * @param supersampling how many points across and down are looked at for one pixel
 * @param palette the colours
 */
record FractalSettings(PictureSize size, View view, Formula formula, int supersampling, Palette palette) {

    private static final int MOST_SUPERSAMPLING = 8;

    FractalSettings {
        Bounds.check("supersampling", supersampling, 1, MOST_SUPERSAMPLING, "the work grows with its square");
    }
}
