package io.asyncmcp.autoconfigure.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.autoconfigure.transport.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

/**
 * Thousands of requests that are more or less wrong: each gets an answer that a client can read, and nothing is left of them
 * in the server. {@code -Dfuzz.seed} chooses other ones, {@code -Dfuzz.requests} how many, {@code -Dfuzz.given-up} how many of a hundred
 * clients go away.
 */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
class FuzzIT {

    static final int MAX_BODY = 128 * 1024;

    private static final int CLIENTS = 16;

    private static final int WARM_UP = 150;

    private final long seed = Long.getLong("fuzz.seed", 20260728L);

    private final int requests = Integer.getInteger("fuzz.requests", 10_000);

    private final FuzzSeeds seeds = new FuzzSeeds();

    private final FuzzJudge judge = new FuzzJudge();

    @Parameter
    WebApplicationType web;

    private TestServer start() {
        return TestServer.start(
                web,
                FuzzTools.Config.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "logging.level.root=" + System.getProperty("fuzz.log", "off"),
                "async.mcp.limits.max-argument-size=64KB",
                "async.mcp.limits.max-result-size=" + MAX_BODY + "B",
                "async.mcp.limits.max-request-size=" + MAX_BODY + "B",
                "async.mcp.limits.max-running=64",
                // What nobody answers and nobody fetches is to go while the test looks on.
                "async.mcp.input-timeout=2s",
                "async.mcp.retention-period=2s",
                "async.mcp.cleanup-interval=500ms",
                "async.mcp.tasks.inline-wait=50ms",
                "async.mcp.tasks.max-ttl=2s",
                "async.mcp.heartbeat-interval=200ms");
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void everyRequestIsAnsweredAndNothingIsLeftOfIt() throws Exception {
        Set<Thread> earlier = Thread.getAllStackTraces().keySet();
        System.out.println("fuzz.seed=" + seed + " fuzz.requests=" + requests + " " + web);
        try (TestServer server = start();
                FuzzClient client = new FuzzClient(server.port(), seeds, judge)) {
            // What is made at its first use and kept is to be there before.
            send(client, -WARM_UP, 0);
            FuzzCounts before = await().atMost(Duration.ofSeconds(20))
                    .until(() -> FuzzCounts.of(server, client, earlier), FuzzCounts::hasNothingToDo);
            send(client, 0, requests);
            FuzzCounts after = atRest(server, client, earlier, before);
            System.out.println(judge.table());
            System.out.println("  %-28s before  after%n%s".formatted("", before.table(after)));
            assertThat(judge.faults()).isEmpty();
            assertThat(after.isAtMost(before)).as(before.table(after)).isTrue();
            assertThatEverythingHappened();
        }
    }

    private void send(FuzzClient client, int from, int to) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        AtomicInteger next = new AtomicInteger(from);
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            workers.add(threads.submit(() -> {
                for (int number = next.getAndIncrement(); number < to; number = next.getAndIncrement()) {
                    // A request depends on its number, and on what the server has said before, alone.
                    Random random = new Random(seed * 1_000_003 + number);
                    client.send(number, FuzzMutations.mutated(seeds.next(random, number), random), random);
                }
                return null;
            }));
        }
        for (Future<?> worker : workers) {
            worker.get(5, TimeUnit.MINUTES);
        }
        threads.shutdown();
    }

    private static FuzzCounts atRest(TestServer server, FuzzClient client, Set<Thread> earlier, FuzzCounts before) {
        FuzzCounts[] now = new FuzzCounts[1];
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                now[0] = FuzzCounts.of(server, client, earlier);
                return now[0].isAtMost(before);
            });
        } catch (ConditionTimeoutException e) {
            // The caller says what is left.
        }
        return now[0];
    }

    /** A run whose requests all fail for the same reason says nothing. */
    private void assertThatEverythingHappened() {
        for (String what : List.of(
                "result complete",
                "result input_required",
                "result task",
                "listened",
                "given up by the client",
                "cut off by the client",
                "error -32700",
                "error -32600",
                "error -32601",
                "error -32602",
                "error -32020",
                "error -32021",
                "error -32022",
                "status 202",
                "status 405",
                "status 413")) {
            assertThat(judge.counted(what)).as(what).isPositive();
        }
    }
}
