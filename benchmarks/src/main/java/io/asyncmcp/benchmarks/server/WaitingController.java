package io.asyncmcp.benchmarks.server;

import io.asyncmcp.AsyncExecutor;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells how many clients wait. */
@RestController
@ConditionalOnClass(AsyncExecutor.class)
class WaitingController {

    private final AsyncExecutor executor;

    WaitingController(AsyncExecutor executor) {
        this.executor = executor;
    }

    @GetMapping("/waiting")
    Map<String, Number> waiting() {
        return Map.of("waiting", executor.statistics().waiting());
    }
}
