package io.asyncmcp.sample.client;

/**
 * One burst of each tool, one right after the other: what else the machine does meanwhile hits both.
 *
 * @param plain the burst of the plain tool
 * @param asynchronous the burst of the asynchronous tool
 */
record ComparedRound(Burst plain, Burst asynchronous) {

    /** Returns which tool goes first: taking turns cancels out whatever drifts, such as a machine that slows down. */
    static ComparedTool first(int round) {
        return round % 2 == 0 ? ComparedTool.PLAIN : ComparedTool.ASYNCHRONOUS;
    }

    /** Returns how many calls the asynchronous tool answers for one of the plain tool. */
    double throughputRatio() {
        return asynchronous.throughput() / plain.throughput();
    }

    /** Returns how many times as long the slowest hundredth of the asynchronous tool's calls takes at least. */
    double p99Ratio() {
        return asynchronous.percentile(99) / plain.percentile(99);
    }
}
