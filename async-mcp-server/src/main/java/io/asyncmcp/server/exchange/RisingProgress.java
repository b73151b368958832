package io.asyncmcp.server.exchange;

import io.asyncmcp.Progress;
import org.jspecify.annotations.Nullable;

/**
 * What a request is told of progress: each report once and, while the tool is silent, the last one again as a sign of life. MCP
 * wants every value to be larger than the one before, so that a sign of life adds a tiny step and later reports that are not larger
 * are raised. Not thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/progress">Progress</a>
 */
final class RisingProgress {

    private static final double STEP = 1e-6;

    private @Nullable Progress reported;

    private double sent = Double.NEGATIVE_INFINITY;

    private boolean raising;

    /** Returns what to send for a report, or {@code null} if it was sent. */
    @Nullable
    Progress report(Progress progress) {
        if (progress.equals(reported)) {
            return null;
        }
        reported = progress;
        return raised(progress);
    }

    /** Returns what to send without a report, or {@code null} if there is no larger number. */
    @Nullable
    Progress signOfLife() {
        raising = true;
        return raised(reported == null ? new Progress(0, null, null) : reported);
    }

    private @Nullable Progress raised(Progress progress) {
        double value = progress.progress();
        if (raising && value <= sent) {
            value = Math.max(sent + STEP, Math.nextUp(sent));
        }
        if (!Double.isFinite(value)) {
            return null;
        }
        sent = value;
        return new Progress(value, progress.total(), progress.message());
    }
}
