package io.asyncmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.InputRequest;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.server.CancelOn;
import io.asyncmcp.server.WaitBudgets;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.exchange.Terms;
import io.asyncmcp.server.exchange.ToolCall;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneratedToolsTests {

    private static final String ID = "dre6grewtqnfx0z68y3cgztrdr";

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    private final Answers answers = new Answers("continue_operation", "reports");

    /** The question has been put to the user, and nobody has answered. */
    private final Operation asking = new Operation(
            ID,
            "publish",
            OperationOwner.APPLICATION,
            OperationStatus.INPUT_REQUIRED,
            Instant.EPOCH,
            Instant.EPOCH,
            null,
            null,
            null,
            List.of(new InputRequest("1", "elicitation/create", null, true, null)),
            null,
            false,
            null);

    private final List<Duration> waits = new ArrayList<>();

    private final GeneratedTools tools = new GeneratedTools(
            new OperationCalls(
                    executor(),
                    ExecutorConfig.DEFAULTS,
                    new OperationCalls.Rules(
                            (context, sessionId) -> OperationOwner.APPLICATION,
                            new ClientPatience(
                                    new WaitBudgets(List.of(), Duration.ofSeconds(18), Duration.ofSeconds(8)),
                                    Duration.ZERO,
                                    () -> 0),
                            new ResultRules(1 << 20, 1 << 20),
                            new EqualCalls(
                                    Duration.ZERO,
                                    unused(ScheduledExecutorService.class),
                                    unused(Executor.class),
                                    () -> 0),
                            CancelOn.NEVER),
                    answers,
                    CLOCK),
            answers,
            new GeneratedTools.Naming("continue_operation", "Continues."),
            new GeneratedTools.Naming("cancel_operation", "Cancels."),
            new GeneratedTools.Naming("list_operations", "Lists."));

    private static <T> T unused(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                }));
    }

    private AsyncExecutor executor() {
        return (AsyncExecutor) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {AsyncExecutor.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "findAsync":
                            return CompletableFuture.completedFuture(asking);
                        case "continueOperationAsync":
                            waits.add((Duration) arguments[2]);
                            return CompletableFuture.completedFuture(asking);
                        default:
                            throw new UnsupportedOperationException(method.getName());
                    }
                });
    }

    private CallToolResult comeBack(@Nullable Integer wait) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("operation_id", ID);
        if (wait != null) {
            arguments.put("wait_time", wait);
        }
        ToolCall call = new ToolCall(
                new CallToolRequest("continue_operation", arguments, null),
                McpTransportContext.EMPTY,
                "session",
                null,
                null,
                null,
                Terms.USUAL);
        return tools.tools().get(0).handler().handle(call).toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource({", PT18S", "5, PT5S", "0, PT0S", "600, PT18S"})
    void waitsAsLongAsTheClientDoesAlsoWhileTheUserIsAsked(@Nullable Integer wait, Duration expected) {
        CallToolResult answer = comeBack(wait);
        assertThat(waits).containsExactly(expected);
        assertThat(((TextContent) answer.content().get(0)).text())
                .startsWith("publish is waiting for the user to answer a question.")
                .contains("nothing for you to do", ID);
    }

    /** Hosts keep prompts by these bytes, and strict function calling takes no defaults. */
    @Test
    void everyByteIsTheSameAtEveryStart() throws IOException {
        List<String> json = new ArrayList<>();
        for (ToolFace.OwnTool tool : tools.tools()) {
            json.add(McpJsonDefaults.getMapper().writeValueAsString(tool.tool()));
        }
        String id =
                "\"operation_id\":{\"type\":\"string\",\"description\":\"The operation_id exactly as it was given in an"
                        + " earlier answer\"}";
        assertThat(json)
                .containsExactly(
                        "{\"name\":\"continue_operation\",\"title\":\"continue_operation\",\"description\":\"Continues.\","
                                + "\"inputSchema\":{\"type\":\"object\",\"properties\":{" + id
                                + ",\"wait_time\":{\"type\":\"number\",\"description\":\"Seconds to wait for the result at"
                                + " most; leave it out to wait as long as possible. The answer comes as soon as the result is"
                                + " there.\"}},\"required\":[\"operation_id\"]},\"annotations\":{\"title\":"
                                + "\"continue_operation\",\"readOnlyHint\":true,\"destructiveHint\":false,"
                                + "\"idempotentHint\":true,\"openWorldHint\":false}}",
                        "{\"name\":\"cancel_operation\",\"title\":\"cancel_operation\",\"description\":\"Cancels.\","
                                + "\"inputSchema\":{\"type\":\"object\",\"properties\":{" + id
                                + "},\"required\":[\"operation_id\"]},\"annotations\":{\"title\":\"cancel_operation\","
                                + "\"readOnlyHint\":false,\"destructiveHint\":true,\"idempotentHint\":true,"
                                + "\"openWorldHint\":false}}",
                        "{\"name\":\"list_operations\",\"title\":\"list_operations\",\"description\":\"Lists.\","
                                + "\"inputSchema\":{\"type\":\"object\",\"properties\":{},\"required\":[]},"
                                + "\"annotations\":{\"title\":\"list_operations\",\"readOnlyHint\":true,"
                                + "\"destructiveHint\":false,\"idempotentHint\":true,\"openWorldHint\":false}}");
    }
}
