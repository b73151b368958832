package io.asyncmcp.soak.server;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What lives in memory after a full collection.
 *
 * @param bytes how much it is
 * @param threads how many platform threads there are, by the beginning of their names
 * @param instances how many instances there are of each class of the library, classes of lambdas included
 */
record LiveObjects(long bytes, Map<String, Integer> threads, Map<String, Integer> instances) {

    private static final Pattern ROW = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(\\S+).*");

    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

    static LiveObjects count() {
        // What a first collection only finds to be unreachable, such as what has a cleaner, goes with the second.
        System.gc();
        long bytes = 0;
        Map<String, Integer> instances = new TreeMap<>();
        for (String line : histogram().lines().toList()) {
            Matcher row = ROW.matcher(line);
            Matcher total = TOTAL.matcher(line);
            if (row.matches()) {
                String type = row.group(2);
                if (type.startsWith("io.asyncmcp.") && !type.startsWith("io.asyncmcp.soak.")) {
                    instances.merge(
                            type.replaceAll("Lambda[$/].*", "Lambda"), Integer.parseInt(row.group(1)), Integer::sum);
                }
            } else if (total.matches()) {
                bytes = Long.parseLong(total.group(1));
            }
        }
        return new LiveObjects(bytes, namesOfThreads(), instances);
    }

    /** The same as {@code jcmd <pid> GC.class_histogram}, which collects first. */
    private static String histogram() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IllegalStateException("this JVM has no histogram of its heap", e);
        }
    }

    private static Map<String, Integer> namesOfThreads() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            counts.merge(thread.getName().replaceAll("[-#]?\\d+(-.*)?$", ""), 1, Integer::sum);
        }
        return counts;
    }
}
