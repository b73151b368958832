package io.asyncmcp.autoconfigure.badinput;

import static io.asyncmcp.autoconfigure.badinput.RawClient.isError;
import static io.asyncmcp.autoconfigure.badinput.RawClient.operationId;
import static io.asyncmcp.autoconfigure.badinput.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Tools that return nothing, too much or the wrong thing, or that throw. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResultsIT {

    private TestServer server;

    private RawClient client;

    static class Tools {

        private static final Map<String, Object> ANY = Map.of("type", "object");

        @Bean
        MisbehavingTools misbehavingTools() {
            return new MisbehavingTools();
        }

        @Bean
        List<SyncToolSpecification> rawTools() {
            return List.of(
                    raw("raw_null", null, null),
                    raw("raw_null_asynchronous", null, null),
                    raw("raw_nonconforming", schema(), Map.of("count", "many")),
                    raw("raw_unstructured", schema(), null));
        }

        private static Map<String, Object> schema() {
            return Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of("count", Map.of("type", "integer")),
                    "required",
                    List.of("count"));
        }

        private static SyncToolSpecification raw(
                String name, Map<String, Object> outputSchema, Map<String, Object> structured) {
            Tool tool = new Tool(name, name, name, ANY, outputSchema, null, null, null);
            return new SyncToolSpecification(
                    tool,
                    (exchange, request) -> name.startsWith("raw_null")
                            ? null
                            : new CallToolResult(List.of(), false, structured, null));
        }
    }

    static class MisbehavingTools {

        record Large(String text) {}

        record Unreadable(String name) {

            public String getBroken() {
                throw new IllegalStateException("cannot be written");
            }
        }

        @AsyncTool(name = "ok")
        String ok() {
            return "ok";
        }

        @AsyncTool(name = "null_string")
        String nullString() {
            return null;
        }

        @AsyncTool(name = "null_result")
        CallToolResult nullResult() {
            return null;
        }

        @AsyncTool
        @McpTool(name = "annotated_null_result")
        public CallToolResult annotatedNullResult() {
            return null;
        }

        @AsyncTool(name = "null_structured", generateOutputSchema = true)
        Unreadable nullStructured() {
            return null;
        }

        @AsyncTool(name = "unreadable")
        Unreadable unreadable() {
            return new Unreadable("x");
        }

        @AsyncTool(name = "unreadable_object")
        CallToolResult unreadableObject() {
            return new CallToolResult(List.of(), false, new Unreadable("x"), null);
        }

        @AsyncTool(name = "nothing")
        void nothing() {}

        @AsyncTool(name = "huge")
        String huge() {
            return "x".repeat(200 * 1024);
        }

        @AsyncTool(name = "huge_structured")
        CallToolResult hugeStructured() {
            return new CallToolResult(List.of(), false, Map.of("text", "x".repeat(200 * 1024)), null);
        }

        @AsyncTool(name = "huge_object")
        CallToolResult hugeObject() {
            return new CallToolResult(List.of(), false, new Large("x".repeat(200 * 1024)), null);
        }

        @AsyncTool(name = "null_contents")
        CallToolResult nullContents() {
            return new CallToolResult(null, null, null, null);
        }

        @AsyncTool(name = "checked")
        String checked() throws IOException {
            throw new IOException("the disk is full");
        }

        @AsyncTool(name = "no_message")
        String noMessage() {
            throw new IllegalStateException((String) null);
        }

        @AsyncTool(name = "blank_message")
        String blankMessage() {
            throw new IllegalStateException(" ");
        }

        @AsyncTool(name = "null_pointer")
        String nullPointer() {
            return nullString().trim();
        }

        @AsyncTool(name = "class_cast")
        Object classCast() {
            Object text = "text";
            return ((List<?>) text).size();
        }

        @AsyncTool(name = "out_of_memory")
        String outOfMemory() {
            throw new OutOfMemoryError("Java heap space");
        }

        @AsyncTool(name = "stack_overflow")
        String stackOverflow() {
            return stackOverflow() + stackOverflow();
        }

        @AsyncTool(name = "assertion")
        String assertion() {
            throw new AssertionError(MisbehavingTools.class);
        }

        @AsyncTool(name = "linkage")
        String linkage() {
            throw new NoClassDefFoundError("io/asyncmcp/Missing");
        }

        @AsyncTool(name = "mono_empty")
        Mono<String> monoEmpty() {
            return Mono.empty();
        }

        @AsyncTool(name = "mono_null")
        Mono<String> monoNull() {
            return null;
        }

        @AsyncTool(name = "mono_error")
        Mono<String> monoError() {
            return Mono.error(new IOException("the line is dead"));
        }

        @AsyncTool(name = "mono_no_message")
        Mono<String> monoNoMessage() {
            return Mono.error(new IllegalStateException());
        }

        @AsyncTool(name = "mono_throws")
        Mono<String> monoThrows() {
            return Mono.defer(() -> {
                throw new OutOfMemoryError("Java heap space");
            });
        }

        @AsyncTool(name = "mono_void")
        Mono<Void> monoVoid() {
            return Mono.empty();
        }

        @AsyncTool(name = "stage_null")
        CompletionStage<String> stageNull() {
            return CompletableFuture.completedFuture(null);
        }

        @AsyncTool(name = "stage_void")
        CompletionStage<Void> stageVoid() {
            return CompletableFuture.completedFuture(null);
        }

        @AsyncTool(name = "flux")
        Flux<String> flux() {
            return Flux.just("a", "b", "c");
        }

        @AsyncTool(name = "flux_empty")
        Flux<String> fluxEmpty() {
            return Flux.empty();
        }

        @AsyncTool(name = "flux_results")
        Flux<CallToolResult> fluxResults() {
            return Flux.just(
                    new CallToolResult(List.of(), false, null, null), new CallToolResult(List.of(), false, null, null));
        }

        @AsyncTool(name = "wrapped")
        String wrapped() {
            throw new IllegalStateException(new IOException("select * from secrets"));
        }

        @AsyncTool(name = "long_message")
        String longMessage() {
            throw new IllegalStateException("x".repeat(100_000));
        }

        @AsyncTool(name = "stage_error")
        CompletionStage<String> stageError() {
            return CompletableFuture.failedFuture(new IOException("the line is dead"));
        }
    }

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start(
                WebApplicationType.SERVLET,
                Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "logging.level.io.asyncmcp=off",
                "logging.level.reactor=off",
                "async.mcp.limits.max-result-size=100KB",
                "async.mcp.tools.raw_null_asynchronous.enabled=true",
                "async.mcp.tools.raw_nonconforming.enabled=true",
                "async.mcp.tools.raw_unstructured.enabled=true");
        client = new RawClient(server).initialized();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        assertThat(text(client.call("ok", "{}"))).isEqualTo("ok");
        Idle.await(server.bean(AsyncExecutor.class));
        assertThat(server.bean(AsyncExecutor.class).statistics().retained()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "nothing, Done",
        "mono_void, Done",
        "stage_void, Done",
    })
    void nothingIsAResultWhereNothingElseIsPromised(String tool, String expected) throws Exception {
        JsonNode response = client.call(tool, "{}");
        assertThat(isError(response)).as(response.toString()).isFalse();
        assertThat(text(response)).contains(expected);
    }

    @Test
    void manyValuesAreAList() throws Exception {
        assertThat(text(client.call("flux", "{}"))).isEqualTo("[\"a\",\"b\",\"c\"]");
        assertThat(text(client.call("flux_empty", "{}"))).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource({"raw_nonconforming, '{\"count\":\"many\"}'", "raw_unstructured, []"})
    void whatDoesNotConformIsDeliveredAllTheSame(String tool, String result) throws Exception {
        JsonNode response = client.call(tool, "{}");
        assertThat(isError(response)).as(response.toString()).isFalse();
        assertThat(text(response)).contains(tool, "does not conform to its output schema", "defect");
        JsonNode structured = response.path("result").path("structuredContent");
        assertThat(structured.path("status").asString()).isEqualTo("completed");
        assertThat(structured.path("operation_type").asString()).isEqualTo(tool);
        assertThat(structured.path("message").asString()).isEqualTo(text(response));
        assertThat(structured.path("result").toString()).isEqualTo(result);
        assertThat(response.path("result").path("content").path(1).path("text").asString())
                .isEqualTo(result);
    }

    @Test
    void whatAToolSaysIsNotPassedOnWithoutEnd() throws Exception {
        assertThat(text(client.call("long_message", "{}")).length()).isBetween(1000, 2100);
    }

    @Test
    void resultWithoutContentsIsAResult() throws Exception {
        assertThat(client.call("null_contents", "{}").has("result")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null_string",
                "null_result",
                "annotated_null_result",
                "null_structured",
                "stage_null",
                "unreadable",
                "unreadable_object",
                "mono_empty",
                "raw_null_asynchronous",
                "no_message",
                "wrapped",
                "blank_message",
                "null_pointer",
                "class_cast",
                "out_of_memory",
                "stack_overflow",
                "assertion",
                "linkage",
                "mono_null",
                "mono_no_message",
                "mono_throws"
            })
    void whatTheToolDoesWrongIsAnErrorThatNamesTheToolAlone(String tool) throws Exception {
        JsonNode response = client.call(tool, "{}");
        assertThat(isError(response)).as(response.toString()).isTrue();
        assertThat(text(response)).contains(tool).doesNotContain("Error", "asyncmcp");
    }

    @ParameterizedTest
    @CsvSource({"checked, the disk is full", "mono_error, the line is dead", "stage_error, the line is dead"})
    void whatTheToolSaysIsPassedOn(String tool, String expected) throws Exception {
        JsonNode response = client.call(tool, "{}");
        assertThat(isError(response)).isTrue();
        assertThat(text(response)).contains(tool, expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"huge", "huge_structured", "huge_object"})
    void resultOverTheLimitIsRefused(String tool) throws Exception {
        JsonNode response = client.call(tool, "{}");
        assertThat(isError(response)).isTrue();
        assertThat(text(response)).contains(tool, "102400").doesNotContain("xxx");
    }

    @Test
    void handlerThatIsNotOursAndReturnsNothingIsAnswered() throws Exception {
        JsonNode response = client.call("raw_null", "{}");
        assertThat(response.path("error").path("code").asInt()).isEqualTo(-32603);
        assertThat(operationId(response)).isEmpty();
    }
}
