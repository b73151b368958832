package io.asyncmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationOwner;
import io.asyncmcp.server.WaitBudgets;
import io.asyncmcp.server.exchange.Terms;
import io.asyncmcp.server.exchange.ToolCall;
import io.asyncmcp.server.transport.RequestStream;
import io.micrometer.context.ContextSnapshot;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientPatienceTests {

    private static final String NAME = "claude-code";

    private static final Duration BUDGET = WaitBudgets.DEFAULTS.of(NAME);

    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(6);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

    private final ClientPatience patience = new ClientPatience(WaitBudgets.DEFAULTS, NOTICED_WITHIN, nanos::get);

    @Test
    void clientThatHasShownNothingIsKnownByItsName() {
        assertThat(waitFor("one")).isEqualTo(BUDGET);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 10, 30})
    void sessionThatCancelledIsAnsweredBeforeItWouldCancelAgain(int seconds) {
        Duration limit = Duration.ofSeconds(seconds);
        Request request = begin("one");
        pass(limit);
        request.cancel();
        assertThat(waitFor("one")).isLessThan(limit).isGreaterThan(limit.dividedBy(2));
        assertThat(waitFor("other")).as("one session").isEqualTo(BUDGET);
    }

    /** The loss is noticed up to two signs of life later than it happens. */
    @ParameterizedTest
    @ValueSource(ints = {2, 5, 10})
    void sessionWhoseConnectionWasLostIsAnsweredBeforeItWouldCloseItAgain(int seconds) {
        Duration limit = Duration.ofSeconds(seconds);
        Request request = begin("one");
        pass(limit.plus(NOTICED_WITHIN));
        request.lose();
        assertThat(waitFor("one")).isLessThan(limit);
    }

    @Test
    void sessionThatCallsAgainUnansweredIsAnsweredSooner() {
        patience.calledAgain(call("one", NAME), anonymous("one"), Duration.ofSeconds(8));
        assertThat(waitFor("one")).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void equalCallsThatBeginTogetherAreNoImpatience() {
        patience.calledAgain(call("one", NAME), anonymous("one"), Duration.ofSeconds(3));
        assertThat(waitFor("one")).isEqualTo(BUDGET);
    }

    @Test
    void clientThatHasComeBackForTheReplyHasLostAConnectionAlone() {
        Request request = begin("one");
        pass(Duration.ofSeconds(5));
        request.lose();
        assertThat(waitFor("one")).isLessThan(Duration.ofSeconds(5));
        request.received.complete(null);
        assertThat(waitFor("one")).isEqualTo(BUDGET);
    }

    @Test
    void whoGoesAtOnceWasNotWaiting() {
        Request request = begin("one");
        pass(Duration.ofMillis(1));
        request.cancel();
        patience.calledAgain(call("one", NAME), anonymous("one"), Duration.ofMillis(1));
        assertThat(waitFor("one")).isEqualTo(BUDGET);
    }

    @Test
    void onceMayHaveBeenTheUserAndIsForgotten() {
        giveUp("one", Duration.ofSeconds(10));
        pass(ClientPatience.HOLDS_FIRST.minusSeconds(1));
        assertThat(waitFor("one")).isLessThan(Duration.ofSeconds(10));
        pass(Duration.ofSeconds(2));
        assertThat(waitFor("one")).isEqualTo(BUDGET);
    }

    @Test
    void aLimitThatIsSeenAgainHoldsLonger() {
        giveUp("one", Duration.ofSeconds(10));
        pass(ClientPatience.HOLDS_FIRST.plusSeconds(1));
        giveUp("one", Duration.ofSeconds(10));
        pass(ClientPatience.HOLDS_FIRST.multipliedBy(5));
        assertThat(waitFor("one")).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void callsThatAreStoppedTogetherAreSeenOnce() {
        Request first = begin("one");
        Request second = begin("one");
        pass(Duration.ofSeconds(10));
        first.cancel();
        second.cancel();
        pass(ClientPatience.HOLDS_FIRST.plusSeconds(1));
        assertThat(waitFor("one")).isEqualTo(BUDGET);
    }

    @Test
    void giveUpsAtOtherTimesAreUsersAndNoLimit() {
        giveUp("one", Duration.ofSeconds(4));
        pass(ClientPatience.HOLDS_FIRST.plusSeconds(1));
        giveUp("one", Duration.ofSeconds(30));
        assertThat(waitFor("one")).isGreaterThan(Duration.ofSeconds(20));
        pass(ClientPatience.HOLDS_FIRST.plusSeconds(1));
        assertThat(waitFor("one")).isEqualTo(BUDGET);
    }

    @Test
    void whatThreeSessionsShowHoldsForTheName() {
        giveUp("one", Duration.ofSeconds(10));
        giveUp("one", Duration.ofSeconds(10));
        giveUp("two", Duration.ofSeconds(10));
        assertThat(waitFor("fourth")).as("two sessions").isEqualTo(BUDGET);
        giveUp("three", Duration.ofSeconds(10));
        assertThat(waitFor("fourth")).isLessThan(Duration.ofSeconds(10)).isGreaterThan(ClientPatience.LEAST_FOR_OTHERS);
        assertThat(patience.of(call("fourth", "cursor"), anonymous("fourth"))).isEqualTo(BUDGET);
        pass(Duration.ofHours(7));
        assertThat(waitFor("fourth")).as("later").isEqualTo(BUDGET);
    }

    @Test
    void theMostPatientOfThreeSessionsCounts() {
        giveUp("one", Duration.ofSeconds(8));
        giveUp("two", Duration.ofSeconds(40));
        giveUp("three", Duration.ofSeconds(8));
        assertThat(waitFor("fourth")).isEqualTo(Duration.ofSeconds(30));
    }

    /** Anybody may give themselves any name. */
    @Test
    void hostileSessionsLeaveOthersOfTheirNameAWait() {
        for (int i = 0; i < 1_000; i++) {
            giveUp("hostile " + i, Duration.ofSeconds(1));
        }
        assertThat(waitFor("honest")).isEqualTo(ClientPatience.LEAST_FOR_OTHERS);
    }

    /** Sessions cost nothing. */
    @Test
    void sessionsOfOneAddressTeachNothingAboutTheirName() {
        for (int i = 0; i < 3; i++) {
            Request request = new Request("hostile " + i);
            patience.watch(request.call, anonymous("hostile " + i).from("address"));
            pass(Duration.ofSeconds(5));
            request.cancel();
        }
        assertThat(waitFor("honest")).isEqualTo(BUDGET);
    }

    @Test
    void strangersTeachNothingAboutAPrincipal() {
        for (int i = 0; i < 3; i++) {
            giveUp("hostile " + i, Duration.ofSeconds(5));
        }
        assertThat(patience.of(call("session", NAME), OperationOwner.principal("alice")))
                .isEqualTo(BUDGET);
    }

    /** Without a session, as on protocol 2026-07-28, nothing but the same call tells that it is the same client. */
    @Test
    void withoutASessionTheSameCallIsAnsweredSooner() {
        Request request = new Request(null);
        patience.watch(request.call, OperationOwner.anonymous().from("address"));
        pass(Duration.ofSeconds(10));
        request.cancel();
        assertThat(patience.of(call(null, NAME), OperationOwner.anonymous().from("address")))
                .isLessThan(Duration.ofSeconds(10));
        assertThat(patience.of(call(null, "cursor"), OperationOwner.anonymous().from("address")))
                .isEqualTo(BUDGET);
        assertThat(patience.of(call(null, NAME), OperationOwner.anonymous().from("another")))
                .as("somebody else")
                .isEqualTo(BUDGET);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void strangersWithoutASessionLeaveEachOtherAWait(boolean stranger) {
        OperationOwner owner =
                stranger ? OperationOwner.anonymous().from("address") : OperationOwner.principal("alice");
        Request request = new Request(null);
        patience.watch(request.call, owner);
        pass(Duration.ofSeconds(1));
        request.cancel();
        Duration wait = patience.of(call(null, NAME), owner);
        if (stranger) {
            assertThat(wait).isEqualTo(ClientPatience.LEAST_FOR_OTHERS);
        } else {
            assertThat(wait).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void whereNothingIsHeardBeforeTheAnswerTheWaitIsShort() {
        Request request = new Request(null);
        request.bidirectional = false;
        assertThat(patience.of(request.call, anonymous("one"))).isEqualTo(WaitBudgets.DEFAULTS.stateless());
    }

    private void giveUp(String session, Duration after) {
        Request request = begin(session);
        pass(after);
        request.cancel();
    }

    private Request begin(String session) {
        Request request = new Request(session);
        patience.watch(request.call, anonymous(session));
        return request;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Duration waitFor(String session) {
        return patience.of(call(session, NAME), anonymous(session));
    }

    private static OperationOwner anonymous(String session) {
        return OperationOwner.session(session);
    }

    private static ToolCall call(@Nullable String session, String name) {
        return call(session, name, null);
    }

    private static ToolCall call(@Nullable String session, String name, @Nullable RequestStream stream) {
        return new ToolCall(
                new CallToolRequest("report", Map.of("year", 2026), null),
                McpTransportContext.EMPTY,
                session,
                null,
                Implementation.builder(name, "1").build(),
                stream,
                Terms.USUAL);
    }

    /** A request whose client can do what clients do. */
    private static final class Request implements RequestStream {

        final ToolCall call;

        boolean bidirectional = true;

        private final CompletableFuture<@Nullable Void> disconnected = new CompletableFuture<>();

        private final CompletableFuture<@Nullable Void> abandoned = new CompletableFuture<>();

        private final CompletableFuture<@Nullable Void> received = new CompletableFuture<>();

        Request(@Nullable String session) {
            call = call(session, NAME, this);
        }

        void cancel() {
            abandoned.complete(null);
        }

        void lose() {
            disconnected.complete(null);
            abandoned.complete(null);
        }

        @Override
        public boolean isBidirectional() {
            return bidirectional;
        }

        @Override
        public Executor delivery() {
            return Runnable::run;
        }

        @Override
        public void send(McpSchema.JSONRPCMessage message) {
            throw new AssertionError("nothing is sent");
        }

        @Override
        public boolean isLoggingAllowed(McpSchema.LoggingLevel level) {
            return false;
        }

        @Override
        public CompletionStage<@Nullable Void> disconnected() {
            return disconnected;
        }

        @Override
        public CompletionStage<@Nullable Void> abandoned() {
            return abandoned;
        }

        @Override
        public CompletionStage<@Nullable Void> received() {
            return received;
        }

        @Override
        public ContextSnapshot contextSnapshot() {
            throw new AssertionError("not asked for");
        }
    }
}
