package io.asyncmcp.sample.fractal;

/** The colours of the points outside the set; those inside are black. */
public enum Palette {
    FIRE(0.15, 0.05, 0.0),
    OCEAN(0.0, 0.08, 0.2),
    RAINBOW(0.0, 0.33, 0.67),
    GRAY(0.0, 0.0, 0.0);

    private static final int SHADES = 1024;

    /** Shades per doubling of the escape time: the closer to the set, the slower the colours change. */
    private static final double SHADES_PER_OCTAVE = 256;

    private final int[] shades = new int[SHADES];

    Palette(double... phases) {
        for (int shade = 0; shade < SHADES; shade++) {
            double turn = (double) shade / SHADES;
            int color = 0;
            for (double phase : phases) {
                double wave = 0.5 - 0.5 * Math.cos(2 * Math.PI * (turn + phase));
                color = color << 8 | (int) Math.round(255 * wave);
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
