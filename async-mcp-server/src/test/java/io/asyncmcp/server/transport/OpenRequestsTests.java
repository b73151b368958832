package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OpenRequestsTests {

    private final OpenRequests open = new OpenRequests();

    private final CompletableFuture<@Nullable Void> handled = new CompletableFuture<>();

    private final AtomicInteger over = new AtomicInteger();

    @Test
    void requestIsOverWhenItIsHandledAndHasItsReply() {
        open.opened(1).whenOver(handled, over::incrementAndGet);

        open.replied(1);
        assertThat(over).hasValue(0);
        handled.complete(null);
        assertThat(over).hasValue(1);
        open.lost();
        assertThat(over).hasValue(1);
    }

    @Test
    void requestThatIsGivenUpIsOverWhenItIsHandled() {
        open.opened(1).whenOver(handled, over::incrementAndGet);

        open.notice(new JSONRPCNotification("notifications/cancelled", Map.of("requestId", 1)));
        assertThat(over).hasValue(0);
        handled.complete(null);
        assertThat(over).hasValue(1);
    }

    @Test
    void requestsWithTheSameIdAreOverWithTheLast() {
        handled.complete(null);
        for (int i = 0; i < 3; i++) {
            open.opened(1).whenOver(handled, over::incrementAndGet);
        }

        open.replied(1);
        assertThat(over).hasValue(3);
    }

    @Test
    void cancellationOfOneOfThoseWithTheSameIdLeavesTheOthers() {
        handled.complete(null);
        for (int i = 0; i < 3; i++) {
            open.opened(1).whenOver(handled, over::incrementAndGet);
        }

        open.notice(new JSONRPCNotification("notifications/cancelled", Map.of("requestId", 1)));
        assertThat(over).hasValue(1);
        open.replied(1);
        assertThat(over).hasValue(3);
    }

    @Test
    void anyNumberMayHaveTheSameId() {
        handled.complete(null);
        for (int i = 0; i < 100_000; i++) {
            open.opened(1).whenOver(handled, over::incrementAndGet);
        }

        open.lost();
        assertThat(over).hasValue(100_000);
    }

    @Test
    void oneOfThoseWithTheSameIdThatIsForgottenLeavesNothingBehind() {
        OpenRequests.Request last = open.opened(1);
        for (int i = 0; i < 10_000; i++) {
            OpenRequests.Request next = open.opened(1);
            open.forget(1, last);
            last = next;
        }
        last.whenOver(handled, over::incrementAndGet);
        handled.complete(null);

        assertThat(open)
                .extracting("open")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .hasSize(1)
                .allSatisfy((id, requests) -> assertThat((List<?>) requests).hasSize(1));
        open.lost();
        assertThat(over).hasValue(1);
        assertThat(open)
                .extracting("open")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .isEmpty();
    }

    @Test
    void requestsWithTheSameIdAreLostTogether() {
        handled.complete(null);
        for (int i = 0; i < 3; i++) {
            open.opened(1).whenOver(handled, over::incrementAndGet);
        }

        open.lost();
        assertThat(over).hasValue(3);
    }
}
