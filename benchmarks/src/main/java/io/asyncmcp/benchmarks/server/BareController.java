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

    int waiting() {
        return waiting.get();
    }
}
