package io.asyncmcp.benchmarks;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is in use after the garbage is gone. */
public final class Memory {

    private static final int COLLECTIONS = 4;

    private static final Pattern VIRTUAL = Pattern.compile("^#\\d+ \".*\" virtual");

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

    /** How long this JVM has stood still for its collector, in milliseconds. */
    public static long pauses() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    /** Virtual threads of this JVM that have not ended. */
    public static long virtualThreads() throws IOException {
        Path dump = Path.of("target", "threads-" + ProcessHandle.current().pid() + ".txt")
                .toAbsolutePath();
        Files.createDirectories(dump.getParent());
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        try (Stream<String> lines = Files.lines(dump)) {
            return lines.filter(line -> VIRTUAL.matcher(line).find()).count();
        } finally {
            Files.delete(dump);
        }
    }

    /** Platform threads of this JVM. */
    public static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }
}
