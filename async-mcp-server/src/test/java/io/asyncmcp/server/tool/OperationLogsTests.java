package io.asyncmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.server.exchange.LogFollowers;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class OperationLogsTests {

    private static final String ID = "an-operation";

    private final List<Consumer<Operation>> watchers = new ArrayList<>();

    /** What the executor says of the operation. */
    private Operation now = operation(OperationStatus.WORKING);

    private Throwable fault;

    private final OperationLogs logs = new OperationLogs(executor(), 1024);

    private AsyncExecutor executor() {
        return (AsyncExecutor) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {AsyncExecutor.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "findAsync":
                            return CompletableFuture.completedFuture(now);
                        case "watchAsync":
                            if (fault != null) {
                                return CompletableFuture.failedFuture(fault);
                            }
                            @SuppressWarnings("unchecked")
                            Consumer<Operation> watcher = (Consumer<Operation>) arguments[2];
                            watchers.add(watcher);
                            return CompletableFuture.completedFuture((AsyncExecutor.Watch) () -> {});
                        default:
                            throw new UnsupportedOperationException(method.getName());
                    }
                });
    }

    private static Operation operation(OperationStatus status) {
        return new Operation(
                ID,
                "tool",
                OperationOwner.APPLICATION,
                status,
                Instant.EPOCH,
                Instant.EPOCH,
                status.isTerminal() ? Instant.EPOCH : null,
                null,
                null,
                List.of(),
                null,
                false,
                null);
    }

    private static ExecuteOptions options(Object key) {
        return ExecuteOptions.ofType("tool").withSingleFlightKey(key);
    }

    private LogFollowers followersOf(Object key) {
        OperationLogs.Following following = logs.begin(options(key));
        logs.settle(following, null);
        return following.followers();
    }

    private void end() {
        now = operation(OperationStatus.COMPLETED);
        watchers.forEach(watcher -> watcher.accept(now));
    }

    @Test
    void equalCallsShareTheirFollowers() {
        OperationLogs.Following first = logs.begin(options("a"));
        assertThat(followersOf("a")).isSameAs(first.followers());
        assertThat(followersOf("b")).isNotSameAs(first.followers());
        assertThat(logs.begin(options("a").withOwner(OperationOwner.principal("Ada"))))
                .isNotSameAs(first);
    }

    @Test
    void callsThatShareNothingHaveTheirOwn() {
        assertThat(logs.begin(options(null)).followers())
                .isNotSameAs(logs.begin(options(null)).followers());
    }

    @Test
    void followersAreForgottenWithTheLastCall() {
        OperationLogs.Following first = logs.begin(options("a"));
        OperationLogs.Following second = logs.begin(options("a"));
        logs.settle(first, operation(OperationStatus.COMPLETED));
        assertThat(followersOf("a")).isSameAs(second.followers());
        logs.settle(second, null);
        assertThat(followersOf("a")).isNotSameAs(second.followers());
    }

    @Test
    void argumentsThatChangeMeanwhileAreForgottenToo() {
        Map<String, Object> arguments = new HashMap<>();
        OperationLogs.Following first = logs.begin(options(arguments));
        arguments.put("a", 1);
        logs.settle(first, null);
        arguments.clear();
        assertThat(followersOf(arguments)).isNotSameAs(first.followers());
    }

    @Test
    void operationThatGoesOnKeepsThemUntilItsEnd() {
        OperationLogs.Following leader = logs.begin(options("a"));
        OperationLogs.Following joiner = logs.begin(options("a"));
        logs.settle(leader, now);
        logs.settle(joiner, now);
        assertThat(logs.of(ID)).isSameAs(leader.followers());
        assertThat(followersOf("a")).isSameAs(leader.followers());
        end();
        assertThat(logs.of(ID)).isNotSameAs(leader.followers());
        assertThat(followersOf("a")).isNotSameAs(leader.followers());
    }

    @Test
    void operationThatCannotBeWatchedIsFollowedByNobodyAndFailsNobody() {
        fault = new IOException("declared by nobody");
        OperationLogs.Following following = logs.begin(options("a"));

        logs.settle(following, now);

        assertThat(logs.of(ID)).isNotSameAs(following.followers());
        assertThat(followersOf("a")).isNotSameAs(following.followers());
    }

    @Test
    void endThatComesBeforeTheWatchIsSeen() {
        OperationLogs.Following following = logs.begin(options("a"));
        Operation processing = now;
        now = operation(OperationStatus.COMPLETED);
        logs.settle(following, processing);
        assertThat(logs.of(ID)).isNotSameAs(following.followers());
        end();
        assertThat(followersOf("a")).isNotSameAs(following.followers());
    }
}
