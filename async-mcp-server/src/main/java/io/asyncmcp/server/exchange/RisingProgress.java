package io.asyncmcp.server.exchange;

import io.asyncmcp.Progress;
import org.jspecify.annotations.Nullable;

/**
 * What a request is told of an operation's progress: each report of the tool's once and, while the tool is silent, the last one
 * again as a sign of life.
 *
 * <p>MCP wants every value to be larger than the one before. So a sign of life adds a tiny step, and from then on a report that
 * is not larger is raised. Without a sign of life reports stay as they are. To be used by one thread at a time.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/progress">Progress</a>
 */
final class RisingProgress {

    private static final double STEP = 1e-6;

    private @Nullable Progress reported;

    private double sent = Double.NEGATIVE_INFINITY;

    private boolean raising;

    /** Returns what to send for a report, or {@code null} if that has been sent. */
    @Nullable
    Progress report(Progress progress) {
        if (progress.equals(reported)) {
            return null;
        }
        reported = progress;
        return raised(progress);
    }

    /** Returns what to send where there is no report, or {@code null} if there is no larger number. */
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
