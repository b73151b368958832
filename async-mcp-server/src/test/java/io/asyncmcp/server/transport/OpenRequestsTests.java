package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class OpenRequestsTests {

    private final OpenRequests open = new OpenRequests();

    private final AtomicInteger over = new AtomicInteger();

    private OpenRequests.Request opened() {
        OpenRequests.Request request = open.opened(1);
        request.whenOver(over::incrementAndGet);
        return request;
    }

    private void opened(int requests) {
        for (int i = 0; i < requests; i++) {
            opened().handled();
        }
    }

    private void cancel() {
        open.notice(new JSONRPCNotification("notifications/cancelled", Map.of("requestId", 1)));
    }

    @Test
    void requestIsOverWhenItIsHandledAndHasItsReply() {
        OpenRequests.Request request = opened();

        request.written();
        assertThat(over).hasValue(0);
        request.handled();
        assertThat(over).hasValue(1);
        open.lost();
        assertThat(over).hasValue(1);
    }

    @Test
    void requestThatIsGivenUpIsOverWhenItIsHandled() {
        OpenRequests.Request request = opened();

        cancel();
        assertThat(over).hasValue(0);
        request.handled();
        assertThat(over).hasValue(1);
    }

    @Test
    void requestThatIsGivenUpIsNotOverAsLongAsSomethingIsWaitedFor() {
        CompletableFuture<Object> promise = new CompletableFuture<>();
        OpenRequests.Request cancelled = opened();
        cancelled.promise(promise);
        cancelled.handled();
        cancel();
        OpenRequests.Request lost = opened();
        lost.promise(promise);
        lost.handled();
        open.lost();

        assertThat(over).hasValue(0);
        promise.complete(Map.of());
        assertThat(over).hasValue(2);
    }

    @Test
    void requestHasOneReplyOrThePromiseOfOne() {
        OpenRequests.Request promised = opened();
        promised.promise(new CompletableFuture<>());
        assertThat(promised.answer()).isFalse();

        OpenRequests.Request replied = opened();
        assertThat(replied.answer()).isTrue();
        assertThat(replied.answer()).isFalse();
    }

    @Test
    void cancellationOfOneOfThoseWithTheSameIdLeavesTheOthers() {
        opened(3);

        cancel();
        assertThat(over).hasValue(1);
        open.lost();
        assertThat(over).hasValue(3);
    }

    @Test
    void anyNumberMayHaveTheSameId() {
        opened(100_000);

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
        last.whenOver(over::incrementAndGet);
        last.handled();

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
        opened(3);

        open.lost();
        assertThat(over).hasValue(3);
    }
}
