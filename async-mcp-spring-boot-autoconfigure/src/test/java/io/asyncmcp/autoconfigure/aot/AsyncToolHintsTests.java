package io.asyncmcp.autoconfigure.aot;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import reactor.core.publisher.Mono;

/** What {@code @AsyncTool} alone makes known about a method. */
class AsyncToolHintsTests {

    private final RuntimeHints hints = new RuntimeHints();

    AsyncToolHintsTests() {
        new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, Tools.class);
    }

    @Test
    void annotatedMethodsCanBeCalled() throws NoSuchMethodException {
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(Tools.class.getDeclaredMethod("now", Order.class, OperationContext.class)))
                .accepts(hints);
    }

    @Test
    void argumentsCanBeRead() {
        assertBound(Order.class);
        assertBound(Item.class);
    }

    @Test
    void resultsCanBeWritten() {
        assertBound(Receipt.class);
    }

    @Test
    void resultsThatComeLaterCanBeWritten() {
        assertBound(Later.class);
        assertBound(MuchLater.class);
        assertUnknown(Mono.class);
        assertUnknown(CompletionStage.class);
    }

    @Test
    void whatIsNoArgumentAndNoResultIsLeftOut() {
        assertUnknown(OperationContext.class);
        assertUnknown(McpSyncRequestContext.class);
        assertUnknown(CallToolResult.class);
        assertUnknown(Unrelated.class);
    }

    private void assertBound(Class<?> type) {
        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(type)
                        .withMemberCategories(
                                MemberCategory.ACCESS_DECLARED_FIELDS, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                .as(type.getSimpleName())
                .accepts(hints);
    }

    private void assertUnknown(Class<?> type) {
        assertThat(RuntimeHintsPredicates.reflection().onType(type))
                .as(type.getSimpleName())
                .rejects(hints);
    }

    record Order(List<Item> items) {}

    record Item(String name) {}

    record Receipt(int total) {}

    record Later(int total) {}

    record MuchLater(int total) {}

    record Unrelated(int total) {}

    static final class Tools {

        @AsyncTool
        Receipt now(Order order, OperationContext context) {
            return new Receipt(order.items().size());
        }

        @AsyncTool
        Mono<Later> later(McpSyncRequestContext context) {
            return Mono.just(new Later(1));
        }

        @AsyncTool
        CompletionStage<List<MuchLater>> muchLater() {
            throw new UnsupportedOperationException();
        }

        @AsyncTool
        Mono<?> anything() {
            return Mono.empty();
        }

        @AsyncTool
        CallToolResult plain() {
            throw new UnsupportedOperationException();
        }

        Unrelated unrelated() {
            return new Unrelated(1);
        }
    }
}
