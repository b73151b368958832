package io.asyncmcp.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.Main;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.TestList;

/** Runs every race in JVMs of its own. What they say is in {@code target/jcstress}, a report for people with it. */
class RacesIT {

    private static final Path DIRECTORY = Path.of(System.getProperty("stress.directory"));

    private static final Pattern RACES = Pattern.compile(System.getProperty("stress.races"));

    /** Far from what a race comes to in its time: no more than these would say nothing. */
    private static final long LEAST = 500;

    private static int exitCode;

    private static Collection<TestResult> results;

    @BeforeAll
    static void run() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "a race needs two processors");
        clear();
        Process process = new ProcessBuilder(command())
                .directory(DIRECTORY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(DIRECTORY.resolve("console.txt").toFile())
                .start();
        try {
            // It gives up by itself on a race that hangs.
            exitCode = process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        results = read();
        Files.writeString(
                DIRECTORY.resolve("outcomes.txt"),
                results.stream().map(RacesIT::describe).sorted().collect(Collectors.joining("\n")));
    }

    private static void clear() throws IOException {
        Files.createDirectories(DIRECTORY);
        try (Stream<Path> files = Files.walk(DIRECTORY)) {
            files.sorted(Comparator.reverseOrder())
                    .filter(file -> !file.equals(DIRECTORY))
                    .forEach(file -> file.toFile().delete());
        }
    }

    private static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "-t",
                RACES.pattern(),
                "-time",
                System.getProperty("stress.millis"),
                "-iters",
                "3",
                "-strideSize",
                "64",
                "-strideCount",
                "8",
                "-pth",
                "false",
                "-c",
                "2",
                // These are races of our own steps and not of a compiler's, and a plain one is ready sooner.
                "-sc",
                "false",
                "-jvmArgs",
                "-XX:+UseParallelGC -XX:TieredStopAtLevel=1",
                "-r",
                "report");
    }

    /** A race has as many results as there are kinds of JVM that jcstress tells apart. */
    private static Collection<TestResult> read() throws Exception {
        InProcessCollector collector = new InProcessCollector();
        File[] files = DIRECTORY.toFile().listFiles((directory, name) -> name.endsWith(".bin.gz"));
        for (File file : files) {
            DiskReadCollector reader = new DiskReadCollector(file.getPath(), collector);
            reader.dump();
            reader.close();
        }
        return collector.getTestResults();
    }

    @Test
    void everyRaceWasRun() {
        assertThat(results.stream().map(TestResult::getName).distinct())
                .containsExactlyInAnyOrderElementsOf(expected());
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.getTotalCount()).as(result.getName()).isGreaterThan(LEAST));
    }

    private static List<String> expected() {
        List<String> expected = TestList.tests().stream()
                .filter(name -> RACES.matcher(name).find())
                .toList();
        assertThat(expected).as("races").isNotEmpty();
        return expected;
    }

    @Test
    void noRaceEndedAsItMustNot() {
        assertThat(results).allSatisfy(result -> {
            assertThat(result.grading().failureMessages).as(describe(result)).isEmpty();
            assertThat(result.status()).as(describe(result)).isEqualTo(Status.NORMAL);
        });
        assertThat(exitCode).as("jcstress, see " + DIRECTORY).isZero();
    }

    private static String describe(TestResult result) {
        String outcomes = new TreeSet<>(result.getStateKeys())
                .stream().map(state -> state + ": " + result.getCount(state)).collect(Collectors.joining("\n  "));
        return result.getName() + "\n  " + outcomes + "\n" + String.join("\n", result.getMessages());
    }
}
