package io.asyncmcp.server.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RequestMetaTests {

    private static final String VERSION = "io.modelcontextprotocol/protocolVersion";

    private static final String INFO = "io.modelcontextprotocol/clientInfo";

    private static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

    private static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";

    private static Map<String, Object> meta() {
        return new HashMap<>(Map.of(VERSION, "2026-07-28", CAPABILITIES, Map.of()));
    }

    private static RequestMeta with(String name, @Nullable Object value) {
        Map<String, Object> meta = meta();
        meta.put(name, value);
        return RequestMeta.of(Map.of("_meta", meta));
    }

    private static String refusal(Map<String, Object> params) {
        McpError error = catchThrowableOfType(McpError.class, () -> RequestMeta.of(params));
        assertThat(error).as("%s is refused", params).isNotNull();
        assertThat(error.getJsonRpcError().code()).isEqualTo(ErrorCodes.INVALID_PARAMS);
        return error.getJsonRpcError().message();
    }

    @Test
    void least() {
        RequestMeta meta = RequestMeta.of(Map.of("_meta", meta()));
        assertThat(meta.version()).isEqualTo("2026-07-28");
        assertThat(meta.capabilities().elicitation()).isNull();
        assertThat(meta.capabilities().sampling()).isNull();
        assertThat(meta.capabilities().roots()).isNull();
        assertThat(meta.info().name()).isEqualTo("unknown");
        assertThat(meta.logLevel()).isNull();
        assertThat(meta.progressToken()).isNull();
        assertThat(meta.canHandleTasks()).isFalse();
    }

    @Test
    void most() {
        RequestMeta meta = RequestMeta.of(Map.of(
                "_meta",
                Map.of(
                        VERSION,
                        "2026-07-28",
                        INFO,
                        Map.of("name", "client", "version", "1", "title", "Client", "unknown", 1),
                        CAPABILITIES,
                        Map.of(
                                "elicitation", Map.of("url", Map.of()),
                                "sampling", Map.of(),
                                "roots", Map.of(),
                                "extensions", Map.of("io.modelcontextprotocol/tasks", Map.of(), "other", Map.of()),
                                "unknown", true),
                        LOG_LEVEL,
                        "warning",
                        "progressToken",
                        7,
                        "traceparent",
                        "00-0-0-00")));
        assertThat(meta.info().name()).isEqualTo("client");
        assertThat(meta.info().version()).isEqualTo("1");
        assertThat(meta.capabilities().elicitation().url()).isNotNull();
        assertThat(meta.capabilities().elicitation().form()).isNull();
        assertThat(meta.capabilities().sampling()).isNotNull();
        assertThat(meta.capabilities().roots()).isNotNull();
        assertThat(meta.logLevel()).isEqualTo(LoggingLevel.WARNING);
        assertThat(meta.progressToken()).isEqualTo(7);
        assertThat(meta.canHandleTasks()).isTrue();
    }

    @Test
    void withoutMeta() {
        for (Object wrong : Arrays.asList(null, "text", List.of(), 5)) {
            Map<String, Object> params = new HashMap<>();
            params.put("_meta", wrong);
            assertThat(refusal(params)).contains("params._meta must be an object", VERSION, CAPABILITIES);
        }
        assertThat(refusal(Map.of())).contains("params._meta must be an object");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(VERSION, Arrays.asList(null, 20260728, List.of("2026-07-28"))),
                Arguments.of(
                        CAPABILITIES,
                        Arrays.asList(
                                null,
                                "none",
                                List.of(),
                                true,
                                Map.of("elicitation", "yes"),
                                Map.of("sampling", List.of(1)),
                                Map.of("roots", 5),
                                Map.of("extensions", List.of()),
                                Map.of("extensions", "io.modelcontextprotocol/tasks"))),
                Arguments.of(
                        INFO,
                        List.of(
                                "client",
                                List.of(),
                                Map.of(),
                                Map.of("name", "client"),
                                Map.of("version", "1"),
                                Map.of("name", 1, "version", "1"),
                                Map.of("name", "client", "version", 1),
                                Map.of("name", "client", "version", "1", "icons", List.of(Map.of())))),
                Arguments.of(LOG_LEVEL, List.of("WARNING", "Info", "trace", "", 3, List.of("info"))),
                Arguments.of("progressToken", List.of(1.5, true, List.of(), Map.of())));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongValuesAreNamed(String name, List<@Nullable Object> values) {
        for (Object value : values) {
            Map<String, Object> meta = meta();
            meta.put(name, value);
            assertThat(refusal(Map.of("_meta", meta)))
                    .startsWith("params._meta[\"" + name + "\"] ")
                    .endsWith(".")
                    .doesNotContain("java", "McpSchema", "jackson");
        }
    }

    @Test
    void whatIsKeptAndRepeatedHasALimit() {
        String longest = "x".repeat(1024);
        assertThat(with("progressToken", longest).progressToken()).isEqualTo(longest);
        assertThat(with(INFO, Map.of("name", longest, "version", longest))
                        .info()
                        .name())
                .isEqualTo(longest);
        for (Map<String, Object> tooLong : List.<Map<String, Object>>of(
                Map.of("progressToken", longest + "x"),
                Map.of(INFO, Map.of("name", longest + "x", "version", "1")),
                Map.of(INFO, Map.of("name", "a", "version", longest + "x")))) {
            Map<String, Object> meta = new HashMap<>(meta());
            meta.putAll(tooLong);
            assertThat(refusal(Map.of("_meta", meta)))
                    .contains("at most 1024 characters")
                    .hasSizeLessThan(500);
        }
    }

    @Test
    void requiredOnesMustBeThere() {
        for (String name : List.of(VERSION, CAPABILITIES)) {
            Map<String, Object> meta = meta();
            meta.remove(name);
            assertThat(refusal(Map.of("_meta", meta))).contains(name);
        }
    }

    @Test
    void optionalOnesMayBeNull() {
        for (String name : List.of(INFO, LOG_LEVEL, "progressToken")) {
            assertThat(with(name, null)).isEqualTo(RequestMeta.of(Map.of("_meta", meta())));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyLevelByItsName(LoggingLevel level) {
        assertThat(with(LOG_LEVEL, level.name().toLowerCase(java.util.Locale.ROOT))
                        .logLevel())
                .isEqualTo(level);
    }

    @Test
    void tokensAreTextsOrIntegers() {
        for (Object token : List.of("a", "", 0, -1, 1L << 40)) {
            assertThat(with("progressToken", token).progressToken()).isEqualTo(token);
        }
    }

    @Test
    void tasksAreDeclaredByAnObject() {
        for (Object wrong : Arrays.asList(null, true, "yes", List.of())) {
            Map<String, Object> extensions = new HashMap<>();
            extensions.put("io.modelcontextprotocol/tasks", wrong);
            assertThat(with(CAPABILITIES, Map.of("extensions", extensions)).canHandleTasks())
                    .as("%s", wrong)
                    .isFalse();
        }
        Object settings = Map.of("io.modelcontextprotocol/tasks", Map.of("any", "setting"));
        assertThat(with(CAPABILITIES, Map.of("extensions", settings)).canHandleTasks())
                .isTrue();
        // Where earlier versions and experiments had it does not count.
        assertThat(with(CAPABILITIES, Map.of("tasks", Map.of(), "experimental", settings))
                        .canHandleTasks())
                .isFalse();
    }

    @Test
    void isRecognizedByTheVersionAlone() {
        assertThat(RequestMeta.isIn(Map.of("_meta", Map.of(VERSION, 5)))).isTrue();
        for (Object other : Arrays.asList(
                null, "text", Map.of(), Map.of("_meta", "text"), Map.of("_meta", Map.of(CAPABILITIES, Map.of())))) {
            assertThat(RequestMeta.isIn(other)).as("%s", other).isFalse();
        }
    }
}
