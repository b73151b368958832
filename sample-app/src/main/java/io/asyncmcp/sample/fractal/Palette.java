package io.asyncmcp.sample.fractal;

/** The colours of the points outside the set; those inside are black. */
public enum Palette {
    FIRE(0.5, 1.2, 3.0),
    OCEAN(3.0, 1.2, 0.5),
    FOREST(1.5, 0.6, 3.0),
    GRAY(1.0, 1.0, 1.0);

    private static final int SHADES = 1024;

    /** Shades per doubling of the escape time: the closer to the set, the slower the colours change. */
    private static final double SHADES_PER_OCTAVE = 256;

    private final int[] shades = new int[SHADES];

    /** Red, green and blue rise and fall together; the smaller its exponent, the more there is of a colour. */
    Palette(double... exponents) {
        for (int shade = 0; shade < SHADES; shade++) {
            double wave = 0.5 - 0.5 * Math.cos(2 * Math.PI * shade / SHADES);
            int color = 0;
            for (double exponent : exponents) {
                color = color << 8 | (int) Math.round(255 * Math.pow(wave, exponent));
            }
            shades[shade] = color;
        }
    }

    /**
     * Returns the colour of a point outside the set.
     *
     * @param escapeTime after how many steps it left, with a fraction
     * @return red, green and blue, eight bits each
     */
    int color(double escapeTime) {
        double octaves = Math.log(1 + Math.max(0, escapeTime)) / Math.log(2);
        return shades[(int) (octaves * SHADES_PER_OCTAVE) % SHADES];
    }
}
