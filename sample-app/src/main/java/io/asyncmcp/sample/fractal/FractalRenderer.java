package io.asyncmcp.sample.fractal;

import io.asyncmcp.OperationContext;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;

/** Draws a picture row by row on the calling thread, for as long as the operation is wanted. */
final class FractalRenderer {

    /** A row may take milliseconds or, at the highest settings, minutes; so breaths are counted in time. */
    private static final long BREATH_INTERVAL = Duration.ofMillis(10).toNanos();

    private final FractalSettings settings;

    private final OperationContext context;

    private final double step;

    private final double left;

    private final double top;

    private long lastBreath = System.nanoTime();

    FractalRenderer(FractalSettings settings, OperationContext context) {
        this.settings = settings;
        this.context = context;
        this.step = settings.view().step(settings.size().height());
        this.left = settings.view().center().x() - step * settings.size().width() / 2;
        this.top = settings.view().center().y() + step * settings.size().height() / 2;
    }

    /**
     * Draws the picture and reports every row.
     *
     * @return the picture
     * @throws CancellationException if the operation is cancelled in the meantime
     */
    BufferedImage render() {
        int width = settings.size().width();
        int height = settings.size().height();
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                breathe();
                image.setRGB(column, row, pixel(column, row));
            }
            context.progress(row + 1, (double) height, "row " + (row + 1) + " of " + height);
        }
        return image;
    }

    /**
     * Leaves if the picture is no longer wanted, and now and then lets others have a turn.
     *
     * <p>A virtual thread keeps its carrier until it blocks, and this work never blocks by itself: a few pictures would
     * hold up every other virtual thread until they are done. Yielding is not enough, because pictures that share a
     * carrier yield to each other and to nobody else; a thread that parks really goes to the end of the queue.
     */
    private void breathe() {
        context.throwIfCancelled();
        long now = System.nanoTime();
        if (now - lastBreath > BREATH_INTERVAL) {
            LockSupport.parkNanos(1);
            lastBreath = System.nanoTime();
        }
    }

    private int pixel(int column, int row) {
        int across = settings.supersampling();
        int red = 0;
        int green = 0;
        int blue = 0;
        for (int sampleY = 0; sampleY < across; sampleY++) {
            double y = top - step * (row + (sampleY + 0.5) / across);
            for (int sampleX = 0; sampleX < across; sampleX++) {
                double x = left + step * (column + (sampleX + 0.5) / across);
                int color = color(x, y);
                red += color >> 16 & 0xff;
                green += color >> 8 & 0xff;
                blue += color & 0xff;
            }
        }
        int samples = across * across;
        return red / samples << 16 | green / samples << 8 | blue / samples;
    }

    private int color(double x, double y) {
        double escapeTime = settings.formula().escapeTime(x, y);
        return escapeTime == Formula.NEVER ? 0 : settings.palette().color(escapeTime);
    }
}
