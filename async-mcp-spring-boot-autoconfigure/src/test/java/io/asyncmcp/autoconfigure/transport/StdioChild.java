package io.asyncmcp.autoconfigure.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.builder.SpringApplicationBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server in a process of its own, and the two ends of its stdio. */
public final class StdioChild implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Process process;

    private final OutputStream input;

    private final BufferedReader output;

    private StdioChild(Process process) {
        this.process = process;
        this.input = process.getOutputStream();
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a class that has a main method. */
    public static StdioChild start(Class<?> main) throws IOException {
        return new StdioChild(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** What the main method of such a class does: serves over stdio, and writes nothing else to standard output. */
    public static void serve(Class<?> application, String[] arguments, String... more) {
        new SpringApplicationBuilder(application)
                .properties(
                        "spring.main.web-application-type=none",
                        "spring.main.banner-mode=off",
                        "spring.ai.mcp.server.stdio=true",
                        // Whatever else is written to standard output is no JSON-RPC.
                        "logging.threshold.console=off")
                .properties(more)
                .run(arguments);
    }

    public void say(String json) throws IOException {
        input.write((json + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    public JsonNode next() throws IOException {
        return JSON.readTree(output.readLine());
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
}
