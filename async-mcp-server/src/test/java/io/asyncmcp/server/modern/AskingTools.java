package io.asyncmcp.server.modern;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.tool.ToolBody;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The one tool of a test, be it asynchronous or not: what it does, and what it has been asked from outside to do. */
final class AskingTools {

    static final Map<String, Object> FORM = Map.of(
            "message",
            "Who?",
            "requestedSchema",
            Map.of(
                    "type", "object",
                    "properties", Map.of("name", Map.of("type", "string")),
                    "required", List.of("name")));

    private final ModernFixture fixture;

    private final boolean plain;

    /** The operation, once the tool runs. */
    @Nullable
    OperationContext context;

    AskingTools(ModernFixture fixture, boolean plain) {
        this.fixture = fixture;
        this.plain = plain;
    }

    static CallToolResult text(String text, boolean error) {
        return CallToolResult.builder().addTextContent(text).isError(error).build();
    }

    static Map<String, Object> answer(String name) {
        return Map.of("action", "accept", "content", Map.of("name", name));
    }

    /** A call of it does this from now on. */
    AskingTools does(ToolBody body) {
        ToolBody noted = detached -> {
            context = detached.context();
            return body.run(detached);
        };
        fixture.server.handler = (request, transport) -> called(request, transport, noted);
        return this;
    }

    /** It asks everything at the same time, and returns the answers. */
    AskingTools asks(String... keys) {
        return does(detached -> {
            List<CompletableFuture<?>> answers = new ArrayList<>();
            for (String key : keys) {
                answers.add(detached.context()
                        .requestInput(key, "elicitation/create", FORM)
                        .toCompletableFuture());
            }
            return Mono.fromFuture(CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)))
                    .then(Mono.fromSupplier(() -> text(
                            answers.stream()
                                    .map(CompletableFuture::join)
                                    .toList()
                                    .toString(),
                            false)));
        });
    }

    private JSONRPCResponse called(JSONRPCRequest request, McpTransportContext transport, ToolBody body) {
        LongRequest run = LongRequest.of(transport);
        if (run == null) {
            throw new AssertionError("called without a run");
        }
        NamedExecutor engine = plain ? run.plainly() : fixture.operations;
        String name = String.valueOf(((Map<?, ?>) request.params()).get("name"));
        Tool tool = Tool.builder(name, Map.of("type", "object")).build();
        run.calls(engine.calls().call(tool, body, run.toolCall(new CallToolRequest(name, Map.of(), null))));
        return JSONRPCResponse.result(request.id(), text("what the handler returns does not count", true));
    }
}
