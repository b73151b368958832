package io.asyncmcp.conformance;

import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Starts the fixture over streamable HTTP, on the web stack that it was built with. */
@SpringBootApplication
public class ConformanceApplication {

    public static void main(String[] args) {
        SpringApplication.run(ConformanceApplication.class, args);
    }

    @Bean
    ServerCapabilities.Builder capabilities() {
        return new SubscribableResources();
    }

    /** Spring AI fills this in and says that resources have no subscriptions, although the SDK serves them. */
    private static final class SubscribableResources extends ServerCapabilities.Builder {

        @Override
        public ServerCapabilities.Builder resources(Boolean subscribe, Boolean listChanged) {
            return super.resources(true, listChanged);
        }
    }
}
