package io.asyncmcp.autoconfigure.security;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What somebody has that nobody else should see: work under way, a question, a result and a failure. */
class VaultTools {

    static final String KEY = "elicitation/create#1";

    final Semaphore released = new Semaphore(0);

    @Configuration(proxyBeanMethods = false)
    static class Config {

        @Bean
        VaultTools vaultTools() {
            return new VaultTools();
        }
    }

    @AsyncTool(name = "held", timeout = "0s")
    String held(OperationContext context) throws InterruptedException {
        context.progress(1, 2.0, "half of it");
        released.acquire();
        return "held for " + context.owner().name();
    }

    @AsyncTool(name = "asks", timeout = "10s")
    CompletionStage<String> asks(OperationContext context) {
        return context.requestInput(
                        "elicitation/create",
                        Map.of(
                                "message",
                                "May I?",
                                "requestedSchema",
                                Map.of("type", "object", "properties", Map.of("yes", Map.of("type", "boolean")))))
                .thenApply(answer -> "answered " + ((Map<?, ?>) answer).get("action"));
    }

    @AsyncTool(name = "quick", timeout = "0s")
    String quick(OperationContext context) {
        return "quick for " + context.owner().name();
    }

    @AsyncTool(name = "broken", timeout = "0s")
    String broken() {
        throw new IllegalStateException("broken");
    }
}
