package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.AsyncStatelessTransport.StatelessExchange;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.ServerResponse;

/** Writes replies of a stateless WebMVC server that come after their thread has gone. */
final class StatelessReplies {

    private StatelessReplies() {}

    static CompletableFuture<ServerResponse> json(StatelessExchange exchange, McpJsonMapper mapper) {
        return Objects.requireNonNull(exchange.deferred(), "deferred").thenApply(response -> json(response, mapper));
    }

    private static ServerResponse json(JSONRPCResponse response, McpJsonMapper mapper) {
        try {
            return ServerResponse.ok()
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(mapper.writeValueAsString(response));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
