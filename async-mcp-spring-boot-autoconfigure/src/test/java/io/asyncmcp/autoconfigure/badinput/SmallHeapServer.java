package io.asyncmcp.autoconfigure.badinput;

import io.asyncmcp.OperationContext;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A server for a process of its own. It says its port, lets go of the calls that it holds when it is told
 * anything, and ends with its parent. */
final class SmallHeapServer {

    static final int RUNNING = 4;

    private static final AtomicReference<CountDownLatch> GATE = new AtomicReference<>(new CountDownLatch(1));

    private SmallHeapServer() {}

    public static void main(String[] arguments) throws Exception {
        TestServer server = TestServer.start(
                WebApplicationType.SERVLET,
                Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "logging.level.root=off",
                "server.forward-headers-strategy=native",
                "async.mcp.limits.max-running=" + RUNNING);
        System.out.println("port " + server.port());
        while (System.in.read() >= 0) {
            GATE.getAndSet(new CountDownLatch(1)).countDown();
        }
        Runtime.getRuntime().halt(0);
    }

    @Configuration(proxyBeanMethods = false)
    static class Tools {

        @Bean
        LargeTools tools() {
            return new LargeTools();
        }
    }

    static class LargeTools {

        private static final Map<String, Object> FORM = Map.of(
                "message",
                "Which?",
                "requestedSchema",
                Map.of("type", "object", "properties", Map.of("text", Map.of("type", "string"))));

        @AsyncTool(name = "echo", timeout = "15s")
        String echo(String text) {
            return text;
        }

        @AsyncTool(name = "read", timeout = "15s")
        String read(String text, OperationContext context) {
            context.progress(1, null, "read");
            return "read " + text.length();
        }

        @AsyncTool(name = "ask", timeout = "15s")
        String ask(OperationContext context) {
            Object answer = context.requestInput("which", "elicitation/create", FORM)
                    .toCompletableFuture()
                    .join();
            return "heard " + answer.toString().length();
        }

        @AsyncTool(name = "ask_shortly", timeout = "2s")
        String askShortly(OperationContext context) {
            return ask(context);
        }

        @AsyncTool(name = "sum", timeout = "15s")
        int sum(List<Integer> numbers) {
            return numbers.stream().mapToInt(Integer::intValue).sum();
        }

        @AsyncTool(name = "fail", timeout = "0s")
        String fail(OperationContext context) {
            // Known by an id, also where it ends before the call is answered.
            context.operationId();
            throw new Loaded("y".repeat(100_000));
        }

        @AsyncTool(name = "talk", timeout = "0s")
        String talk(OperationContext context) {
            context.progress(1, null, "z".repeat(500_000));
            return context.operationId() + " " + "x".repeat(100_000);
        }

        @AsyncTool(name = "hold", timeout = "0s")
        String hold(@McpToolParam(required = true) String text) throws InterruptedException {
            return GATE.get().await(60, TimeUnit.SECONDS)
                    ? "held " + text.length()
                    : "not opened in " + Duration.ofMinutes(1);
        }
    }

    /** An exception that has seen much. */
    static final class Loaded extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final byte[] seen = new byte[300_000];

        Loaded(String message) {
            super(message);
            seen[0] = 1;
        }
    }
}
