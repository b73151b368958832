package io.asyncmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.engine.OperationThreads;
import io.asyncmcp.server.CancelOn;
import io.asyncmcp.server.WaitBudgets;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.exchange.Terms;
import io.asyncmcp.server.exchange.ToolCall;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What generated tools make of what models and attackers write. */
class GivenIdTests {

    private static final String ID = "3k7f2m4q6t5v2xbzacdghjnprs";

    private static final int LARGE = 1 << 20;

    private final AsyncExecutor executor = AsyncExecutor.builder().build();

    private final ScheduledExecutorService timer = OperationThreads.newTimer("test-");

    private final GeneratedTools tools = tools();

    private GeneratedTools tools() {
        Answers answers = new Answers("continue_operation", "reports");
        OperationCalls.Rules rules = new OperationCalls.Rules(
                (context, sessionId) -> OperationOwner.session("s"),
                new ClientPatience(
                        new WaitBudgets(List.of(), Duration.ofSeconds(18), Duration.ofSeconds(8)),
                        Duration.ZERO,
                        () -> 0),
                new ResultRules(1000, 1000),
                new EqualCalls(Duration.ZERO, timer, Runnable::run, () -> 0),
                CancelOn.NEVER);
        return new GeneratedTools(
                new OperationCalls(executor, ExecutorConfig.DEFAULTS, rules, answers, Clock.systemUTC()),
                answers,
                new GeneratedTools.Naming("continue_operation", "continues"),
                new GeneratedTools.Naming("cancel_operation", "cancels"),
                new GeneratedTools.Naming("list_operations", "lists"));
    }

    @AfterEach
    void close() {
        executor.close();
        timer.shutdown();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ID,
                "\"" + ID + "\"",
                "'`\"" + ID + "\"`'",
                " \n\t" + ID + "\r\n ",
                "\" " + ID + " \"",
                "\u2003" + ID,
                "3K7F2M4Q6T5V2XBZACDGHJNPRS"
            })
    void idIsFoundHoweverAModelWritesIt(String text) {
        assertThat(GeneratedTools.idIn(text)).isEqualTo(ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", "\"", "3k7f2m4q6t5v2xbzacdghjnpr", "3k7f2m4q6t5v2 xbzacdghjnprs", "x" + ID})
    void otherTextsAreNoIds(String text) {
        assertThat(GeneratedTools.idIn(text)).isNull();
    }

    /** Minutes to hours with a pattern that tries every end for every start. */
    @ParameterizedTest
    @ValueSource(strings = {" ", "\"", "'\t", "a", "\u2003"})
    void longTextsAreNoIdsAndNotLookedAt(String part) {
        String text = "x" + part.repeat(LARGE) + "x";
        assertTimeoutPreemptively(
                Duration.ofMinutes(1),
                () -> assertThat(GeneratedTools.idIn(text)).isNull());
        assertThat(GeneratedTools.idIn(" ".repeat(300) + ID)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"continue_operation", "cancel_operation", "list_operations"})
    void argumentsAreLimitedAsThoseOfOtherTools(String name) {
        Map<String, Object> arguments = Map.of("operation_id", ID, "more", "x".repeat(2000));
        assertThat(text(call(name, arguments)))
                .contains("The arguments of " + name + " must not exceed 1000 bytes")
                .doesNotContain("xxx");
    }

    @Test
    void unknownIdIsNotFound() {
        assertThat(text(call("continue_operation", Map.of("operation_id", ID)))).contains("No operation is known");
    }

    @Test
    void waitOfAnySizeIsTaken() {
        for (Number wait : new Number[] {
            Double.POSITIVE_INFINITY,
            Double.NaN,
            -1e300,
            new BigDecimal("1e999999999"),
            new BigDecimal("-1e-999999999"),
            BigInteger.TEN.pow(500)
        }) {
            assertTimeoutPreemptively(
                    Duration.ofMinutes(1),
                    () -> assertThat(text(call("continue_operation", Map.of("operation_id", ID, "wait_time", wait))))
                            .contains("No operation is known"));
        }
    }

    private CallToolResult call(String name, Map<String, Object> arguments) {
        ToolCall call = new ToolCall(
                new CallToolRequest(name, arguments, null),
                McpTransportContext.EMPTY,
                null,
                null,
                null,
                null,
                Terms.USUAL);
        return tools.tools().stream()
                .filter(tool -> tool.tool().name().equals(name))
                .findFirst()
                .orElseThrow()
                .handler()
                .handle(call)
                .toCompletableFuture()
                .join();
    }

    private static String text(CallToolResult result) {
        return ((TextContent) result.content().get(0)).text();
    }
}
