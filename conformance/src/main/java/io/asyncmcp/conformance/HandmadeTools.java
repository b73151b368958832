package io.asyncmcp.conformance;

import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A tool without a method, for a schema that no method has; application.yml makes it asynchronous. */
@Configuration(proxyBeanMethods = false)
class HandmadeTools {

    @Bean
    List<SyncToolSpecification> toolsWithoutMethods() {
        return List.of(SyncToolSpecification.builder()
                .tool(Tool.builder("json_schema_2020_12_tool", Schemas.JSON_SCHEMA_2020_12)
                        .description("Takes arguments that are described with much of JSON Schema 2020-12")
                        .build())
                .callHandler((exchange, request) -> CallToolResult.builder()
                        .addTextContent("Called with " + request.arguments())
                        .build())
                .build());
    }
}
