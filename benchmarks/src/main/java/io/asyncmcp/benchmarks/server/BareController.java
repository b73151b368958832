package io.asyncmcp.benchmarks.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Answers later and holds no thread meanwhile, with Spring alone: what any request that waits takes up. */
@RestController
class BareController {

    private static final String DONE = "\"done\"";

    private final AtomicInteger waiting = new AtomicInteger();

    @GetMapping("/bare")
    CompletableFuture<String> bare(@RequestParam("millis") int millis) {
        waiting.incrementAndGet();
        return CompletableFuture.supplyAsync(
                () -> {
                    waiting.decrementAndGet();
                    return "\"text\"";
                },
                CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
    }

    /** Answers on the request's thread. */
    @GetMapping("/now")
    String now() {
        return DONE;
    }

    /** Answers from a thread of its own: what it costs at least to let go of the request's thread. */
    @GetMapping("/handed-over")
    CompletableFuture<String> handedOver() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> answer.complete(DONE));
        return answer;
    }

    int waiting() {
        return waiting.get();
    }
}
