package io.asyncmcp.autoconfigure.badinput;

import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Mono;

/** Tools, asynchronous and plain, whose results, errors or log messages no mapper can write as JSON. */
public final class UnwritableTools {

    private static final Map<String, Object> BROKEN = Map.of("example.com/part", new Broken());

    static final class Broken {

        public String getName() {
            throw new IllegalStateException("cannot be written");
        }
    }

    record Person(String name) {}

    @Bean
    Asynchronous unwritableAsynchronousTools() {
        return new Asynchronous();
    }

    @Bean
    List<SyncToolSpecification> unwritablePlainTools() {
        return List.of(
                new SyncToolSpecification(tool("plain_meta"), (exchange, request) -> result(text(null), null, BROKEN)),
                new SyncToolSpecification(tool("plain_error"), (exchange, request) -> {
                    throw error();
                }),
                new SyncToolSpecification(tool("plain_log"), (exchange, request) -> {
                    exchange.loggingNotification(log());
                    return result(text(null), null, null);
                }));
    }

    @Bean
    List<AsyncToolSpecification> unwritableReactiveTools() {
        return List.of(
                new AsyncToolSpecification(
                        tool("plain_meta"), (exchange, request) -> Mono.just(result(text(null), null, BROKEN))),
                new AsyncToolSpecification(tool("plain_error"), (exchange, request) -> Mono.error(error())),
                new AsyncToolSpecification(
                        tool("plain_log"),
                        (exchange, request) ->
                                exchange.loggingNotification(log()).thenReturn(result(text(null), null, null))));
    }

    static class Asynchronous {

        @AsyncTool(name = "meta")
        CallToolResult meta() {
            return result(text(null), null, BROKEN);
        }

        @AsyncTool(name = "content_meta")
        CallToolResult contentMeta() {
            return result(text(BROKEN), null, null);
        }

        @AsyncTool(name = "resource_meta")
        CallToolResult resourceMeta() {
            return result(resource(BROKEN), null, null);
        }

        @AsyncTool(name = "null_key")
        CallToolResult nullKey() {
            return result(text(null), Collections.singletonMap(null, "x"), null);
        }

        @AsyncTool(name = "log")
        CallToolResult log(McpSyncServerExchange exchange) {
            exchange.loggingNotification(UnwritableTools.log());
            return result(text(null), null, null);
        }

        /** All that the others have, and it can be written. */
        @AsyncTool(name = "objects")
        CallToolResult objects() {
            Map<String, Object> meta = Map.of("example.com/part", new Person("Ada"));
            return new CallToolResult(List.of(text(meta), resource(meta)), false, Map.of(7, new Person("Bob")), meta);
        }
    }

    private static CallToolResult result(Content content, Object structured, Map<String, Object> meta) {
        return new CallToolResult(List.of(content), false, structured, meta);
    }

    private static TextContent text(Map<String, Object> meta) {
        return new TextContent(null, "fine", meta);
    }

    private static EmbeddedResource resource(Map<String, Object> meta) {
        return new EmbeddedResource(null, new TextResourceContents("file:///a", "text/plain", "fine", meta), null);
    }

    private static McpError error() {
        return McpError.builder(-32001).message("refused").data(new Broken()).build();
    }

    private static LoggingMessageNotification log() {
        return new LoggingMessageNotification(LoggingLevel.ERROR, "test", "broken", BROKEN);
    }

    private static Tool tool(String name) {
        return new Tool(name, name, name, Map.of("type", "object"), null, null, null, null);
    }
}
