package io.asyncmcp.autoconfigure.badinput;

import static io.asyncmcp.autoconfigure.badinput.RawClient.isError;
import static io.asyncmcp.autoconfigure.badinput.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/** Arguments that a tool cannot take. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArgumentsIT {

    private TestServer server;

    private RawClient client;

    static class Tools {

        @Bean
        TypedTools typedTools() {
            return new TypedTools();
        }
    }

    static class TypedTools {

        enum Colour {
            RED,
            GREEN
        }

        enum Unit {
            PIXEL,
            INCH
        }

        record Size(Integer width, Unit unit) {}

        @AsyncTool(name = "typed")
        String typed(String text, int number, List<String> items) {
            return text + number + items;
        }

        @AsyncTool(name = "converted")
        String converted(
                @McpToolParam(required = false) Integer number,
                @McpToolParam(required = false) LocalDate date,
                @McpToolParam(required = false) Colour colour,
                @McpToolParam(required = false) Size size,
                @McpToolParam(required = false) List<Size> sizes,
                @McpToolParam(required = false) List<LocalDate> days) {
            return "none".concat(String.valueOf(number));
        }

        @AsyncTool(name = "free")
        String free(Map<String, Object> anything) {
            return "taken";
        }

        @AsyncTool
        @McpTool(name = "annotated")
        public String annotated(@McpToolParam(required = false) String text) {
            return String.valueOf(text);
        }
    }

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start(
                WebApplicationType.SERVLET,
                Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "async.mcp.limits.max-argument-size=100KB");
        client = new RawClient(server).initialized();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        assertThat(text(client.call("typed", "{\"text\": \"a\", \"number\": 1, \"items\": []}")))
                .isEqualTo("a1[]");
        Idle.await(server.bean(AsyncExecutor.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "{\"text\": \"a\"}",
                "{\"text\": null, \"number\": 1, \"items\": []}",
                "{\"text\": 5, \"number\": 1, \"items\": []}",
                "{\"text\": \"a\", \"number\": \"many\", \"items\": []}",
                "{\"text\": \"a\", \"number\": 1.5, \"items\": []}",
                "{\"text\": \"a\", \"number\": 1e300, \"items\": []}",
                "{\"text\": \"a\", \"number\": 99999999999, \"items\": []}",
                "{\"text\": \"a\", \"number\": 1, \"items\": \"a\"}",
                "{\"text\": \"a\", \"number\": 1, \"items\": [{}]}"
            })
    void missingOrMistypedArgumentIsRefused(String arguments) throws Exception {
        JsonNode response = client.call("typed", arguments);
        assertThat(isError(response)).as(response.toString()).isTrue();
        assertThat(text(response)).contains("typed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"number": 1000000000000}       | number must be a whole number from -2147483648 to 2147483647
                    {"number": 1e300}               | number must be a whole number from -2147483648 to 2147483647
                    {"date": "yesterday"}           | date must be a date such as 2026-01-31
                    {"size": {"width": 1000000000000, "unit": "INCH"}} | size.width must be a whole number from -2147483648 to 2147483647
                    {"sizes": [{"width": 1, "unit": "INCH"}, {"width": 1e20, "unit": "INCH"}]} | sizes[1].width must be a whole number from -2147483648 to 2147483647
                    {"days": ["2026-01-31", "soon"]} | days[1] must be a date such as 2026-01-31
                    """)
    void valueOutsideOfItsTypeIsNamedWithTheRule(String arguments, String complaint) throws Exception {
        JsonNode response = client.call("converted", arguments);
        assertThat(isError(response)).as(response.toString()).isTrue();
        assertThat(text(response))
                .isEqualTo("converted failed: argument " + complaint.replace(" must", " of converted must"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"colour\": \"BLUE\"}", "{\"colour\": 77}"})
    void valueOutsideOfTheSchemaIsRefused(String arguments) throws Exception {
        JsonNode response = client.call("converted", arguments);
        assertThat(isError(response)).as(response.toString()).isTrue();
        assertThat(text(response)).contains("colour", "RED");
    }

    /** As they go over the wire: this character has three. */
    @Test
    void argumentsAreMeasuredInBytes() throws Exception {
        String arguments = "{\"text\": \"%s\", \"number\": 1, \"items\": []}";

        String taken = text(client.call("typed", arguments.formatted("\u20ac".repeat(30_000))));
        assertThat(taken.endsWith("1[]")).as("taken").isTrue();
        JsonNode refused = client.call("typed", arguments.formatted("\u20ac".repeat(40_000)));
        assertThat(isError(refused)).isTrue();
        assertThat(text(refused)).contains("must not exceed 102400 bytes");
    }

    @Test
    void nullArgumentsAreNoArguments() throws Exception {
        assertThat(text(client.call("converted", "null"))).isEqualTo("nonenull");
        assertThat(text(client.call("annotated", "null"))).isEqualTo("null");
    }

    @Test
    void argumentsOverTheLimitAreRefused() throws Exception {
        String text = "x".repeat(110 * 1024);
        JsonNode response = client.call("free", "{\"anything\": {\"a\": \"" + text + "\"}}");
        assertThat(isError(response)).isTrue();
        assertThat(text(response)).contains("free", "102400").doesNotContain("xxx");
        String names = IntStream.range(0, 300)
                .mapToObj(i -> "\"" + i + "x".repeat(400) + "\": 1")
                .collect(Collectors.joining(", ", "{\"anything\": {", "}}"));
        assertThat(isError(client.call("free", names))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 450})
    void deepNestingIsRefused(int depth) throws Exception {
        JsonNode response =
                client.call("free", "{\"anything\": {\"a\": " + "[".repeat(depth) + "]".repeat(depth) + "}}");
        assertThat(isError(response)).as(response.toString()).isTrue();
        assertThat(text(response)).contains("levels");
    }

    @Test
    void unreadableNestingIsRefusedByTheProtocol() throws Exception {
        JsonNode response =
                client.call("free", "{\"anything\": {\"a\": " + "[".repeat(5_000) + "]".repeat(5_000) + "}}");
        assertThat(response.path("error").path("code").asInt()).isEqualTo(-32700);
    }
}
