package io.asyncmcp;

import org.jspecify.annotations.Nullable;

/**
 * How far an operation has come.
 *
 * @param progress the amount done so far, in the operation's own unit; finite
 * @param total the amount at the end, or {@code null} if it is not known
 * @param message what is going on, for people, or {@code null}
 * @since 0.1.0
 */
public record Progress(
        double progress, @Nullable Double total, @Nullable String message) {

    public Progress {
        if (!Double.isFinite(progress)) {
            throw new IllegalArgumentException("progress must be a finite number, but was " + progress);
        }
        if (total != null && !Double.isFinite(total)) {
            throw new IllegalArgumentException("total must be a finite number, but was " + total);
        }
    }
}
