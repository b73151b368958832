package io.asyncmcp.autoconfigure.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
