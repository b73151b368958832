package io.asyncmcp.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    /** A busy machine gives a race few turns in its time; it is given more time, and this often. */
    private static final int ROUNDS = 4;

    private static final int LONGER = 8;

    private static final List<Integer> exitCodes = new ArrayList<>();

    /** Of every round. */
    private static final List<TestResult> results = new ArrayList<>();

    /** How often each race was run in the last round that it took part in, in each kind of JVM. */
    private static final Map<String, List<Long>> counts = new TreeMap<>();

    @BeforeAll
    static void run() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "a race needs two processors");
        String races = RACES.pattern();
        long millis = Long.parseLong(System.getProperty("stress.millis"));
        for (int round = 0; round < ROUNDS && !races.isEmpty(); round++, millis *= LONGER) {
            clear();
            exitCodes.add(run(races, millis));
            Collection<TestResult> told = read();
            results.addAll(told);
            told.stream()
                    .collect(Collectors.groupingBy(
                            TestResult::getName, Collectors.mapping(TestResult::getTotalCount, Collectors.toList())))
                    .forEach(counts::put);
            races = counts.entrySet().stream()
                    .filter(race -> race.getValue().stream().anyMatch(count -> count <= LEAST))
                    .map(race -> race.getKey().replace(".", "\\.") + "$")
                    .collect(Collectors.joining("|"));
        }
        Files.writeString(
                DIRECTORY.resolve("outcomes.txt"),
                results.stream().map(RacesIT::describe).sorted().collect(Collectors.joining("\n")));
    }

    private static int run(String races, long millis) throws Exception {
        Process process = new ProcessBuilder(command(races, millis))
                .directory(DIRECTORY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(DIRECTORY.resolve("console.txt").toFile())
                .start();
        try {
            // It gives up by itself on a race that hangs.
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void clear() throws IOException {
        Files.createDirectories(DIRECTORY);
        try (Stream<Path> files = Files.walk(DIRECTORY)) {
            files.sorted(Comparator.reverseOrder())
                    .filter(file -> !file.equals(DIRECTORY))
                    .forEach(file -> file.toFile().delete());
        }
    }

    private static List<String> command(String races, long millis) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "-t",
                races,
                "-time",
                Long.toString(millis),
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
        assertThat(counts.keySet()).containsExactlyInAnyOrderElementsOf(expected());
        assertThat(counts).allSatisfy((race, runs) -> assertThat(runs).as(race).allMatch(count -> count > LEAST));
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
        assertThat(exitCodes).as("jcstress, see " + DIRECTORY).containsOnly(0);
    }

    private static String describe(TestResult result) {
        String outcomes = new TreeSet<>(result.getStateKeys())
                .stream().map(state -> state + ": " + result.getCount(state)).collect(Collectors.joining("\n  "));
        return result.getName() + "\n  " + outcomes + "\n" + String.join("\n", result.getMessages());
    }
}
