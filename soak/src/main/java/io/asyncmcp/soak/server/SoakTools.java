package io.asyncmcp.soak.server;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.stereotype.Component;

/** Everything that a long-running tool may do to the library. Each answers with its key, so that mix-ups are seen. */
@Component
final class SoakTools {

    private static final long STEP_MILLIS = 100;

    private static final Map<String, Object> FORM = Map.of(
            "type", "object", "properties", Map.of("yes", Map.of("type", "boolean")), "required", new String[] {"yes"});

    private final Ledger ledger;

    SoakTools(Ledger ledger) {
        this.ledger = ledger;
    }

    @AsyncTool(name = "instant", description = "Answers at once")
    public String instant(String key) throws Exception {
        return ledger.enter(key, () -> key);
    }

    @AsyncTool(name = "slow", description = "Works and reports")
    public String slow(String key, int millis, OperationContext operation) throws Exception {
        return ledger.enter(key, () -> work(key, millis, operation));
    }

    @AsyncTool(name = "failing", description = "Works and fails")
    public String failing(String key, int millis, OperationContext operation) throws Exception {
        return ledger.enter(key, () -> {
            throw new IllegalStateException("meant to fail: " + work(key, millis, operation));
        });
    }

    @AsyncTool(name = "endless", description = "Works until it is stopped")
    public String endless(String key, OperationContext operation) throws Exception {
        return ledger.enter(key, () -> work(key, Integer.MAX_VALUE, operation));
    }

    @AsyncTool(name = "stubborn", description = "Works until it is stopped, and then for a while")
    public String stubborn(String key, int millis, OperationContext operation) throws Exception {
        return ledger.enter(key, () -> {
            try {
                return work(key, Integer.MAX_VALUE, operation);
            } catch (InterruptedException e) {
                // The place is taken until this returns.
                Thread.sleep(millis);
                throw e;
            }
        });
    }

    @AsyncTool(name = "asking", description = "Asks in the middle of its work")
    public String asking(String key, int millis, OperationContext operation) throws Exception {
        return ledger.enter(key, () -> {
            work(key, millis, operation);
            return key + " was told to " + ask(key, operation);
        });
    }

    @AsyncTool(name = "big", description = "Returns a lot")
    public String big(String key, int millis, int kilobytes, OperationContext operation) throws Exception {
        return ledger.enter(key, () -> work(key, millis, operation) + " " + "x".repeat(kilobytes * 1000));
    }

    @AsyncTool(name = "shared", description = "Works once for all who ask", singleFlight = true)
    public String shared(String key, int millis, OperationContext operation) throws Exception {
        return ledger.enter(key, () -> work(key, millis, operation));
    }

    @AsyncTool(name = "narrow", description = "Works for one at a time", maxActive = 1)
    public String narrow(String key, int millis, OperationContext operation) throws Exception {
        return ledger.enter(key, () -> work(key, millis, operation));
    }

    /** No operation; on protocol 2026-07-28 it runs beside them. */
    @McpTool(name = "plain", description = "Works and is not asynchronous")
    public String plain(String key, int millis) throws InterruptedException {
        Thread.sleep(millis);
        return key;
    }

    private static String ask(String key, OperationContext operation) throws InterruptedException {
        Map<String, Object> question = Map.of("message", "May I, " + key + "?", "requestedSchema", FORM);
        try {
            Object answer = operation
                    .requestInput("elicitation/create", question)
                    .toCompletableFuture()
                    .get();
            return answer instanceof Map<?, ?> map ? String.valueOf(map.get("action")) : "nothing";
        } catch (ExecutionException e) {
            throw new IllegalStateException("meant to fail: " + key + " was not answered", e);
        }
    }

    private static String work(String key, int millis, OperationContext operation) throws InterruptedException {
        for (int done = 0; done < millis; done += STEP_MILLIS) {
            operation.progress(done, (double) millis, "at work");
            Thread.sleep(STEP_MILLIS);
        }
        return key;
    }
}
