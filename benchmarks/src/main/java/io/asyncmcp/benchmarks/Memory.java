package io.asyncmcp.benchmarks;

import java.lang.management.ManagementFactory;

/** What is in use after the garbage is gone. */
public final class Memory {

    private static final int COLLECTIONS = 4;

    private Memory() {}

    /** Bytes of the heap that are reachable. */
    public static long used() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            // Soft and weak references, cleaners: they get their turn between collections.
            Thread.sleep(100);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Platform threads of this JVM. */
    public static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }
}
