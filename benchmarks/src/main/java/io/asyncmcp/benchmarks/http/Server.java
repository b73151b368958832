package io.asyncmcp.benchmarks.http;

import io.asyncmcp.benchmarks.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server in a process of its own. */
final class Server implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("started on port (\\d+)");

    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private static final Pattern NUMBER = Pattern.compile("\"(\\w+)\":(\\d+)");

    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Process process;

    private final int port;

    private Server(List<String> command, Path directory, Path log) throws IOException, InterruptedException {
        Files.createDirectories(log.getParent());
        Files.deleteIfExists(log);
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        port = awaitPort(log);
    }

    /** Starts the benchmarks' server with the starter. */
    static Server start(String stack, String... settings) throws IOException, InterruptedException {
        return start(stack, "server.log", jar -> true, settings);
    }

    /** Starts it without the starter and all that comes with it alone. */
    static Server startWithoutStarter(String stack, String... settings) throws IOException, InterruptedException {
        return startBare(stack, "server-without-starter.log", settings);
    }

    /** The same without sessions, where Spring AI answers with JSON objects. */
    static Server startStatelessWithoutStarter(String stack) throws IOException, InterruptedException {
        return startBare(stack, "stateless-server-without-starter.log", "--spring.ai.mcp.server.protocol=STATELESS");
    }

    private static Server startBare(String stack, String log, String... settings)
            throws IOException, InterruptedException {
        return start(stack, log, jar -> !jar.getFileName().toString().startsWith("async-mcp-"), settings);
    }

    private static Server start(String stack, String log, Predicate<Path> which, String... settings)
            throws IOException, InterruptedException {
        Path target = Path.of("target").toAbsolutePath();
        String classPath;
        try (Stream<Path> jars = Files.list(target.resolve("lib").resolve(stack))) {
            classPath = Stream.concat(
                            Stream.of(target.resolve("classes")),
                            jars.filter(which).sorted())
                    .map(Path::toString)
                    .collect(Collectors.joining(java.io.File.pathSeparator));
        }
        List<String> command = new ArrayList<>(List.of(Child.java(), "-Xms2g", "-Xmx2g", "-cp", classPath));
        // For somebody who wants to look inside, for example with -XX:StartFlightRecording.
        String options = System.getenv("SERVER_OPTIONS");
        if (options != null) {
            command.addAll(List.of(options.trim().split("\\s+")));
        }
        command.add("io.asyncmcp.benchmarks.server.BenchmarkServer");
        command.addAll(List.of(settings));
        return new Server(command, Path.of("").toAbsolutePath(), target.resolve(log));
    }

    /** Starts the peer, a server on the npm SDK. */
    static Server startPeer() throws IOException, InterruptedException {
        return startNode("server.mjs");
    }

    /** Starts a server on FastMCP, which has the plain tool alone. */
    static Server startFastMcp() throws IOException, InterruptedException {
        return startNode("fastmcp.mjs");
    }

    private static Server startNode(String script) throws IOException, InterruptedException {
        return new Server(
                List.of("node", script),
                Path.of("peer").toAbsolutePath(),
                Path.of("target", script + ".log").toAbsolutePath());
    }

    private int awaitPort(Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            Matcher matcher = PORT.matcher(Files.exists(log) ? Files.readString(log) : "");
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        process.destroyForcibly();
        throw new IllegalStateException("the server did not start; its log is " + log);
    }

    int port() {
        return port;
    }

    /** What the processor has done for it so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** What of its memory is in the machine's. */
    long residentBytes() throws IOException, InterruptedException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (Files.exists(status)) {
            Matcher matcher = RESIDENT.matcher(Files.readString(status));
            if (matcher.find()) {
                return Long.parseLong(matcher.group(1)) * 1024;
            }
        }
        Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", String.valueOf(process.pid())).start();
        String kilobytes = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
        if (ps.waitFor() != 0 || kilobytes.isEmpty()) {
            throw new IllegalStateException("ps says nothing of the server's memory");
        }
        return Long.parseLong(kilobytes) * 1024;
    }

    /** A number that the server tells of itself. */
    long resource(String name) throws InterruptedException {
        String path = name.equals("waiting") ? "/waiting" : "/resources";
        try (HttpClient client = HttpClient.newHttpClient()) {
            String body = client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            Matcher matcher = NUMBER.matcher(body);
            while (matcher.find()) {
                if (matcher.group(1).equals(name)) {
                    return Long.parseLong(matcher.group(2));
                }
            }
            throw new IllegalStateException("there is no " + name + " in " + body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
