package io.asyncmcp.autoconfigure.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationOwner;
import io.asyncmcp.autoconfigure.AsyncMcpAutoConfiguration;
import io.asyncmcp.autoconfigure.AsyncMcpServerAutoConfiguration;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.tool.AsyncTools;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a tool answers fits the schema that it publishes, and older clients can read that schema. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutputSchemaTests {

    record Page(int number, String title, @Nullable Page next, Kind kind) {}

    enum Kind {
        TEXT,
        IMAGE
    }

    private static final Page PAGE = new Page(1, "a", new Page(2, null, null, null), Kind.TEXT);

    static class StructuredTools {

        @AsyncTool(generateOutputSchema = true)
        Page one() {
            return PAGE;
        }

        @AsyncTool(generateOutputSchema = true)
        CompletionStage<Page> stage() {
            return CompletableFuture.completedFuture(PAGE);
        }

        @AsyncTool(generateOutputSchema = true)
        Mono<Page> mono() {
            return Mono.just(PAGE);
        }

        @AsyncTool(generateOutputSchema = true)
        List<Page> list() {
            return List.of(PAGE);
        }

        @AsyncTool(generateOutputSchema = true)
        Page[] array() {
            return new Page[] {PAGE};
        }

        @AsyncTool(generateOutputSchema = true)
        CompletableFuture<List<Page>> futureOfList() {
            return CompletableFuture.completedFuture(List.of());
        }

        @AsyncTool(generateOutputSchema = true)
        Flux<Page> flux() {
            return Flux.just(PAGE, PAGE);
        }

        @AsyncTool(generateOutputSchema = true)
        Flux<Page> fluxOfOne() {
            return Flux.just(PAGE);
        }

        @AsyncTool(generateOutputSchema = true)
        Flux<Page> fluxEmpty() {
            return Flux.empty();
        }

        @AsyncTool(generateOutputSchema = true)
        Flux<Integer> fluxOfNumbers() {
            return Flux.just(1, 2);
        }

        @AsyncTool(generateOutputSchema = true)
        Optional<Page> optional() {
            return Optional.of(PAGE);
        }

        @AsyncTool(generateOutputSchema = true)
        Optional<Page> optionalEmpty() {
            return Optional.empty();
        }

        @AsyncTool(generateOutputSchema = true)
        Mono<Optional<Page>> monoOfOptional() {
            return Mono.just(Optional.empty());
        }

        @AsyncTool(generateOutputSchema = true)
        @Nullable
        Page nullable() {
            return null;
        }

        @AsyncTool(generateOutputSchema = true)
        Map<String, Page> map() {
            return Map.of("a", PAGE);
        }

        @AsyncTool(generateOutputSchema = true)
        Object anything() {
            return List.of(1);
        }

        @AsyncTool(generateOutputSchema = true)
        CallToolResult misfit() {
            return result();
        }

        @AsyncTool(generateOutputSchema = true)
        String text() {
            return "text";
        }

        @AsyncTool(generateOutputSchema = true)
        Mono<Void> nothing() {
            return Mono.empty();
        }

        private static CallToolResult result() {
            return CallToolResult.builder().addTextContent("text").build();
        }
    }

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    private Map<String, SyncToolSpecification> tools;

    @BeforeAll
    void start() {
        context.register(AsyncMcpAutoConfiguration.class, AsyncMcpServerAutoConfiguration.class, StructuredTools.class);
        context.registerBean(OperationOwnerResolver.class, () -> (call, session) -> OperationOwner.principal("test"));
        context.refresh();
        tools = context.getBean(AsyncTools.class).statelessSyncTools().stream()
                .collect(Collectors.toMap(tool -> tool.tool().name(), Function.identity()));
    }

    @AfterAll
    void stop() {
        context.close();
    }

    @Test
    void everySchemaIsOfObjects() {
        assertThat(tools.values())
                .extracting(SyncToolSpecification::tool)
                .filteredOn(tool -> tool.outputSchema() != null)
                .hasSizeGreaterThan(15)
                .allSatisfy(tool -> assertThat(tool.outputSchema()).containsEntry("type", "object"));
        assertThat(Arrays.asList("text", "nothing", "misfit"))
                .allSatisfy(name ->
                        assertThat(tools.get(name).tool().outputSchema()).isNull());
    }

    private static final String ONE =
            "{\"kind\":\"TEXT\",\"next\":{\"kind\":null,\"next\":null,\"number\":2,\"title\":null},"
                    + "\"number\":1,\"title\":\"a\"}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "one | ONE",
                "stage | ONE",
                "mono | ONE",
                "list | {\"result\":[ONE]}",
                "array | {\"result\":[ONE]}",
                "futureOfList | {\"result\":[]}",
                "flux | {\"result\":[ONE,ONE]}",
                "fluxOfOne | {\"result\":[ONE]}",
                "fluxEmpty | {\"result\":[]}",
                "fluxOfNumbers | {\"result\":[1,2]}",
                "optional | {\"result\":ONE}",
                "optionalEmpty | {\"result\":null}",
                "monoOfOptional | {\"result\":null}",
                "nullable | {\"result\":null}",
                "map | {\"a\":ONE}",
                "anything | {\"result\":[1]}"
            })
    void theAnswerFitsTheSchema(String name, String expected) throws Exception {
        Tool tool = tools.get(name).tool();
        CallToolResult answer = tools.get(name)
                .callHandler()
                .apply(McpTransportContext.EMPTY, CallToolRequest.builder(name).build());
        assertThat(answer.isError()).as("%s", answer).isNotEqualTo(true);
        String json = expected.replace("ONE", ONE);
        Object wanted = McpJsonDefaults.getMapper().readValue(json, Object.class);
        assertThat(answer.structuredContent()).isEqualTo(wanted);
        assertThat(McpJsonDefaults.getMapper()
                        .readValue(((TextContent) answer.content().get(0)).text(), Object.class))
                .isEqualTo(wanted);
        assertThat(McpJsonDefaults.getSchemaValidator()
                        .validate(tool.outputSchema(), answer.structuredContent())
                        .errorMessage())
                .isNull();
    }

    @Test
    void whatIsPrimitiveIsNeverNull() throws Exception {
        String schema = McpJsonDefaults.getMapper()
                .writeValueAsString(tools.get("one").tool().outputSchema());
        assertThat(schema).contains("\"number\":{\"type\":\"integer\",", "\"title\":{\"type\":[\"string\",\"null\"]}");
    }
}
