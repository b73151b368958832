package io.asyncmcp.benchmarks.server;

import io.asyncmcp.benchmarks.Memory;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells what the server uses. */
@RestController
class ResourcesController {

    private final BareController bare;

    ResourcesController(BareController bare) {
        this.bare = bare;
    }

    @GetMapping("/resources")
    Map<String, Number> resources() throws InterruptedException {
        return Map.of("threads", Memory.threads(), "heap", Memory.used(), "bare", bare.waiting());
    }
}
