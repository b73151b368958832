package io.asyncmcp.autoconfigure.tool;

import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.execution.ToolCallResultConverter;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A method for each kind of value that a tool may return. {@link ReturnTypesTests} says what each is answered with. */
class Returning {

    record Report(String title, List<Integer> pages) {}

    static final Report REPORT = new Report("a", List.of(1, 2));

    static final CallToolResult PART = CallToolResult.builder()
            .addTextContent("part")
            .structuredContent(Map.of("part", 1))
            .build();

    String string() {
        return "hello";
    }

    String stringNull() {
        return null;
    }

    @Nullable
    String stringNullable() {
        return null;
    }

    Object objectThatIsAMono() {
        return Mono.just("hello");
    }

    int number() {
        return 7;
    }

    byte[] bytes() {
        return "hello".getBytes(StandardCharsets.UTF_8);
    }

    BufferedImage image() {
        return new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    }

    Report object() {
        return REPORT;
    }

    Report objectNull() {
        return null;
    }

    List<Report> list() {
        return List.of(REPORT);
    }

    List<Report> listEmpty() {
        return new ArrayList<>();
    }

    Report[] array() {
        return new Report[] {REPORT};
    }

    Map<String, Integer> map() {
        return new TreeMap<>(Map.of("a", 1, "b", 2));
    }

    Optional<Report> optional() {
        return Optional.of(REPORT);
    }

    Optional<Report> optionalEmpty() {
        return Optional.empty();
    }

    void nothing() {}

    Void nothingBoxed() {
        return null;
    }

    Content content() {
        return TextContent.builder("hello").build();
    }

    List<Content> contents() {
        return List.of(content(), content());
    }

    CallToolResult result() {
        return PART;
    }

    CallToolResult resultError() {
        return CallToolResult.builder().isError(true).addTextContent("no").build();
    }

    CallToolResult resultNull() {
        return null;
    }

    CompletionStage<String> stage() {
        return CompletableFuture.completedStage("hello");
    }

    CompletableFuture<Report> future() {
        return CompletableFuture.completedFuture(REPORT);
    }

    CompletableFuture<String> futureNull() {
        return CompletableFuture.completedFuture(null);
    }

    CompletionStage<Void> stageOfNothing() {
        return CompletableFuture.completedFuture(null);
    }

    CompletableFuture<String> futureFailed() {
        return CompletableFuture.failedFuture(new IOException("the line is dead"));
    }

    CompletableFuture<Mono<String>> futureOfMono() {
        return CompletableFuture.completedFuture(Mono.just("hello"));
    }

    Future<String> plainFuture() {
        FutureTask<String> task = new FutureTask<>(() -> "hello");
        task.run();
        return task;
    }

    Mono<String> mono() {
        return Mono.just("hello");
    }

    Mono<Report> monoOfObject() {
        return Mono.just(REPORT);
    }

    Mono<String> monoEmpty() {
        return Mono.empty();
    }

    Mono<String> monoNull() {
        return null;
    }

    Mono<Void> monoOfNothing() {
        return Mono.empty();
    }

    Mono<Optional<Report>> monoOfOptionalEmpty() {
        return Mono.just(Optional.empty());
    }

    Mono<CallToolResult> monoOfResult() {
        return Mono.just(PART);
    }

    Mono<String> monoFailed() {
        return Mono.error(new IOException("the line is dead"));
    }

    Flux<Report> flux() {
        return Flux.just(REPORT, REPORT);
    }

    Flux<String> fluxOfOne() {
        return Flux.just("hello");
    }

    Flux<String> fluxEmpty() {
        return Flux.empty();
    }

    Flux<Void> fluxOfNothing() {
        return Flux.empty();
    }

    Flux<CallToolResult> fluxOfResults() {
        return Flux.just(PART, PART);
    }

    Publisher<String> publisher() {
        return Flux.just("a", "b");
    }

    Flow.Publisher<String> flow() {
        return JdkFlowAdapter.publisherToFlowPublisher(Flux.just("a", "b"));
    }

    String checked() throws IOException {
        throw new IOException("the disk is full");
    }

    String unchecked() {
        throw new IllegalArgumentException("no such page");
    }

    String internal() {
        return stringNull().trim();
    }

    String protocolError() {
        throw McpError.builder(-32042).message("go there first").build();
    }

    Mono<String> protocolErrorLater() {
        return Mono.error(McpError.builder(-32042).message("go there first").build());
    }

    /** Says in its own way what its value is. */
    public static class Shouting implements ToolCallResultConverter {

        @Override
        public String convert(@Nullable Object result, @Nullable Type returnType) {
            return String.valueOf(result).toUpperCase(Locale.ROOT);
        }
    }

    static class Converted {

        @Tool(resultConverter = Shouting.class)
        @AsyncTool
        public Mono<String> shouted() {
            return Mono.just("hello");
        }
    }
}
