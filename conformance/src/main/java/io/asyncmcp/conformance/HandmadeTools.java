package io.asyncmcp.conformance;

import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tools without methods: for schemas that no method has, and for an error that is not the tool's result. */
@Configuration(proxyBeanMethods = false)
class HandmadeTools {

    /** Of protocol 2026-07-28: "missing required client capability". */
    private static final int MISSING_CAPABILITY = -32021;

    @Bean
    List<SyncToolSpecification> toolsWithoutMethods() {
        return List.of(manyKeywords(), argumentInHeader(), sampling());
    }

    /** application.yml makes it asynchronous. */
    private static SyncToolSpecification manyKeywords() {
        return echo(Tool.builder("json_schema_2020_12_tool", Schemas.JSON_SCHEMA_2020_12)
                .description("Takes arguments that are described with much of JSON Schema 2020-12")
                .build());
    }

    /** The client has to repeat the argument in a header. */
    private static SyncToolSpecification argumentInHeader() {
        return echo(Tool.builder("test_custom_header", Schemas.CUSTOM_HEADER)
                .description("Takes an argument that goes into a header too")
                .build());
    }

    private static SyncToolSpecification echo(Tool tool) {
        return SyncToolSpecification.builder()
                .tool(tool)
                .callHandler((exchange, request) -> CallToolResult.builder()
                        .addTextContent("Called with " + request.arguments())
                        .build())
                .build();
    }

    /** Refuses clients without sampling by an error, which Spring AI 2.0.0 does not let a method do. */
    private static SyncToolSpecification sampling() {
        return SyncToolSpecification.builder()
                .tool(Tool.builder("test_missing_capability", Map.of("type", "object"))
                        .description("Asks the client's model, and cannot do without")
                        .build())
                .callHandler((exchange, request) -> {
                    if (exchange.getClientCapabilities() == null
                            || exchange.getClientCapabilities().sampling() == null) {
                        throw McpError.builder(MISSING_CAPABILITY)
                                .message("This tool needs a client with sampling")
                                .data(Map.of("requiredCapabilities", Map.of("sampling", Map.of())))
                                .build();
                    }
                    String answer = Questions.text(exchange.createMessage(Questions.prompt("Say something")));
                    return CallToolResult.builder().addTextContent(answer).build();
                })
                .build();
    }
}
