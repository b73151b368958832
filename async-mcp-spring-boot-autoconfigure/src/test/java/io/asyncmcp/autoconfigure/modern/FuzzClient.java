package io.asyncmcp.autoconfigure.modern;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** Sends requests that are not always requests, and has what comes back judged. */
final class FuzzClient implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 20;

    /** Of a hundred requests. */
    private static final int GIVEN_UP = Integer.getInteger("fuzz.given-up", 10);

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

    private final HttpClient http = newClient();

    /** Its connections end in the middle of things, at times when it takes one for its next request. */
    private final HttpClient impatient = newClient();

    private final int port;

    private final FuzzSeeds seeds;

    private final FuzzJudge judge;

    private final AtomicInteger open = new AtomicInteger();

    FuzzClient(int port, FuzzSeeds seeds, FuzzJudge judge) {
        this.port = port;
        this.seeds = seeds;
        this.judge = judge;
    }

    private static HttpClient newClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(PATIENCE_SECONDS))
                .build();
    }

    /** Responses that are neither complete nor given up. */
    int open() {
        return open.get();
    }

    void send(int number, Wire wire, Random random) throws Exception {
        wire.body = FuzzMutations.nested(wire.body);
        int kind = random.nextInt(100);
        if (kind == 0) {
            cutOff(wire, random);
            return;
        }
        boolean listens = new String(wire.body, StandardCharsets.ISO_8859_1).contains("subscriptions/listen");
        boolean patient = kind > GIVEN_UP && !listens;
        open.incrementAndGet();
        try {
            if (kind <= GIVEN_UP) {
                giveUp(number, wire, random);
            } else {
                HttpClient client = patient ? http : impatient;
                read(number, wire, client.send(request(wire), BodyHandlers.ofInputStream()));
            }
        } catch (IOException | ExecutionException e) {
            if (!patient) {
                judge.count("connection broken by the client");
            } else if (wire.body.length > FuzzIT.MAX_BODY) {
                // A server need not read on to the end of what it does not take.
                judge.count("connection broken by too large a body");
            } else {
                judge.fault(number, wire, e.toString());
            }
        } finally {
            open.decrementAndGet();
        }
    }

    private HttpRequest request(Wire wire) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/mcp"))
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                .method(wire.method, BodyPublishers.ofByteArray(wire.body));
        wire.headers.forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        return builder.build();
    }

    /** Goes away at some moment, without a word. */
    private void giveUp(int number, Wire wire, Random random) throws Exception {
        CompletableFuture<HttpResponse<InputStream>> exchange =
                impatient.sendAsync(request(wire), BodyHandlers.ofInputStream());
        try {
            HttpResponse<InputStream> response = exchange.get(random.nextInt(30), TimeUnit.MILLISECONDS);
            read(number, wire, response);
        } catch (TimeoutException e) {
            if (!exchange.cancel(true)) {
                // It came in the same moment, and a stream that nobody closes keeps its connection for good.
                exchange.join().body().close();
            }
            judge.count("given up by the client");
        }
    }

    private void read(int number, Wire wire, HttpResponse<InputStream> response) throws IOException {
        boolean stream =
                response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
        List<String> messages = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        InputStream in = response.body();
        boolean[] late = new boolean[1];
        Future<?> watchdog = timer.schedule(
                () -> {
                    late[0] = true;
                    in.close();
                    return null;
                },
                PATIENCE_SECONDS,
                TimeUnit.SECONDS);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                body.append(line).append('\n');
                if (!stream || line.startsWith("data:")) {
                    messages.add(stream ? line.substring("data:".length()) : line);
                }
                if (line.contains("notifications/subscriptions/acknowledged")) {
                    // What listens has no end but this.
                    judge.count("listened");
                    return;
                }
            }
        } catch (IOException e) {
            judge.fault(number, wire, (late[0] ? "never ends: " : e + " after ") + body);
            return;
        } finally {
            watchdog.cancel(false);
        }
        judge.judge(number, wire, response.statusCode(), stream, body.toString().strip(), messages);
        if (!messages.isEmpty() && response.statusCode() == 200) {
            JsonNode last = FuzzJudge.read(messages.get(messages.size() - 1).getBytes(StandardCharsets.UTF_8));
            seeds.learn(FuzzJudge.read(wire.body), last.path("result"));
        }
    }

    /** A connection that breaks in the middle of the request, or right after it. */
    private void cutOff(Wire wire, Random random) throws IOException {
        StringBuilder head = new StringBuilder("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: ")
                .append(wire.body.length)
                .append("\r\n");
        wire.headers.forEach((name, values) -> values.forEach(
                value -> head.append(name).append(": ").append(value).append("\r\n")));
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket("localhost", port)) {
            // Closing resets the connection, as a process that dies does.
            socket.setSoLinger(true, 0);
            socket.getOutputStream()
                    .write(start, 0, random.nextInt(5) == 0 ? random.nextInt(start.length) : start.length);
            socket.getOutputStream().write(wire.body, 0, random.nextInt(wire.body.length + 1));
            socket.getOutputStream().flush();
        }
        judge.count("cut off by the client");
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
