package io.asyncmcp.sample;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The jar of the sample in a process of its own, on a port that the system chooses. */
final class PackagedSample implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofMinutes(3);

    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    private final Process process;

    private final Path log;

    private PackagedSample(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it and waits until it takes requests.
     *
     * @param log the file that it writes to
     * @param vmOption an option for its virtual machine, which is of the kind that the tests run on
     * @param arguments arguments of the application
     */
    static PackagedSample start(Path log, String vmOption, List<String> arguments) throws IOException {
        String jar = Objects.requireNonNull(
                System.getProperty("sample.jar"), "the system property sample.jar must name the jar of the sample");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                vmOption,
                "-jar",
                jar,
                "--server.port=0"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        PackagedSample sample = new PackagedSample(process, log);
        try {
            await().atMost(LONGEST_START)
                    .pollInterval(Duration.ofMillis(250))
                    .failFast("the sample ended, see " + log, () -> !process.isAlive())
                    .until(() -> sample.port().find());
            return sample;
        } catch (RuntimeException e) {
            sample.close();
            throw e;
        }
    }

    private Matcher port() throws IOException {
        return PORT.matcher(log());
    }

    String url() throws IOException {
        Matcher port = port();
        if (!port.find()) {
            throw new IllegalStateException("the sample did not say its port, see " + log);
        }
        return "http://localhost:" + port.group(1);
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
