package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class RootsChangesTests {

    private final RootsChanges roots = new RootsChanges();

    private final AtomicInteger asked = new AtomicInteger();

    private final Sinks.Empty<Void> answer = Sinks.empty();

    private boolean isOver(String method, Mono<Void> answered) {
        Mono<Void> handling = Mono.defer(() -> {
            asked.incrementAndGet();
            return answered;
        });
        return roots.handled(new JSONRPCNotification(method, null), handling)
                .toFuture()
                .isDone();
    }

    @Test
    void nobodyWaitsForTheClientsAnswerWhichIsAskedForOnceAtATime() {
        String changed = "notifications/roots/list_changed";
        assertThat(isOver(changed, answer.asMono())).isTrue();
        assertThat(isOver(changed, answer.asMono())).isTrue();
        assertThat(asked).hasValue(1);

        answer.tryEmitEmpty();
        assertThat(asked).as("they may have changed after its answer").hasValue(2);
        assertThat(isOver(changed, Mono.error(new IllegalStateException("no stream"))))
                .as("asked again, and a failure is none of the client's")
                .isTrue();
        assertThat(asked).hasValue(3);
        assertThat(isOver(changed, Mono.empty())).isTrue();
        assertThat(asked).hasValue(4);
    }

    @Test
    void othersAreWaitedFor() {
        assertThat(isOver("notifications/initialized", answer.asMono())).isFalse();
        answer.tryEmitEmpty();
        assertThat(isOver("notifications/initialized", answer.asMono())).isTrue();
    }
}
