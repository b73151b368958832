package io.asyncmcp.soak;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The server, in a JVM of its own from the same jar as this. */
final class ServerProcess implements AutoCloseable {

    private static final Pattern STARTED = Pattern.compile("started on port (\\d+)");

    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final Process process;

    private final Path log;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        // Also when this process is told to stop.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    static ServerProcess start(String stack, String log) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(),
                        // Little, so that what is not given back is also a matter of life and death.
                        "-Xmx256m",
                        "-jar",
                        System.getProperty("java.class.path"),
                        "--spring.profiles.active=" + stack,
                        "--server.port=0")
                .redirectErrorStream(true)
                .redirectOutput(new File(log))
                .start();
        ServerProcess server = new ServerProcess(process, Path.of(log));
        Awaitility.await()
                .atMost(START_LIMIT)
                .until(() -> !process.isAlive() || server.output().find());
        if (!process.isAlive()) {
            throw new IllegalStateException("the server ended while it was starting; its log is " + log);
        }
        return server;
    }

    private Matcher output() throws IOException {
        return STARTED.matcher(Files.readString(log));
    }

    String url() {
        try {
            Matcher started = output();
            if (started.find()) {
                return "http://127.0.0.1:" + started.group(1);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the server's log cannot be read", e);
        }
        throw new IllegalStateException("the server's log says no port");
    }

    @Override
    public void close() {
        process.destroy();
    }
}
