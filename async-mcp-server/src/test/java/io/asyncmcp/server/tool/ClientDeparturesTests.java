package io.asyncmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.doubles.ManualTimer;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.CancelOn;
import io.asyncmcp.server.TaskSupport;
import io.asyncmcp.server.WaitBudgets;
import io.asyncmcp.server.exchange.Terms;
import io.asyncmcp.server.exchange.ToolCall;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientDeparturesTests {

    private static final OperationOwner OWNER = OperationOwner.session("session");

    private static final Duration MOMENT = Duration.ofMillis(300);

    private final ManualTimer timer = new ManualTimer();

    private final AtomicLong nanos = new AtomicLong();

    private final ClientPatience patience = new ClientPatience(WaitBudgets.DEFAULTS, Duration.ofSeconds(6), nanos::get);

    private final AsyncExecutor executor = AsyncExecutor.builder().build();

    private final ClientDepartures departures = departures(CancelOn.NEVER);

    private ClientDepartures departures(CancelOn byDefault) {
        return new ClientDepartures(
                executor,
                new UnansweredCalls(executor, Clock.systemUTC(), Duration.ofHours(1)),
                new EqualCalls(MOMENT, timer, Runnable::run, nanos::get),
                patience,
                byDefault);
    }

    @AfterEach
    void close() {
        executor.close();
    }

    private static AsyncToolSettings settings(@Nullable CancelOn cancelOn, boolean singleFlight) {
        return new AsyncToolSettings(null, null, singleFlight, 0, TaskSupport.OPTIONAL, null, null, cancelOn, null);
    }

    private static final AsyncToolSettings SETTINGS = settings(null, false);

    private static ToolCall call(TestRequest request) {
        return new ToolCall(
                new CallToolRequest("report", Map.of("year", 2026), null),
                McpTransportContext.EMPTY,
                "session",
                null,
                null,
                request,
                Terms.USUAL);
    }

    /** An operation that goes on until it is cancelled. */
    private Operation running() {
        return executor.submit(
                context -> new CompletableFuture<>(),
                ExecuteOptions.ofType("report").withOwner(OWNER));
    }

    private OperationStatus status(Operation operation) {
        return executor.find(operation.requireId(), OWNER).status();
    }

    private Optional<String> take(ClientDepartures by, AsyncToolSettings settings) {
        CompletionStage<Optional<String>> taken = by.take(settings, OWNER, call(new TestRequest()));
        timer.advance(MOMENT);
        return taken.toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource({
        // default, of the tool, single flight, what the client does, what becomes of the operation
        "NEVER,      ,           false, cancels, kept",
        "NEVER,      ,           false, is lost, kept",
        "NEVER,      REQUEST,    false, cancels, cancelled",
        "NEVER,      REQUEST,    false, is lost, kept",
        "NEVER,      DISCONNECT, false, cancels, cancelled",
        "NEVER,      DISCONNECT, false, is lost, cancelled",
        "REQUEST,    ,           false, cancels, cancelled",
        "DISCONNECT, ,           false, is lost, cancelled",
        "DISCONNECT, NEVER,      false, is lost, kept",
        "DISCONNECT, REQUEST,    false, is lost, kept",
        "DISCONNECT, DISCONNECT, true,  cancels, kept",
        "DISCONNECT, DISCONNECT, true,  is lost, kept"
    })
    void operationOfAClientThatGoesIsKeptOrCancelled(
            CancelOn byDefault, @Nullable CancelOn ofTheTool, boolean singleFlight, String client, String operation) {
        ClientDepartures tried = departures(byDefault);
        AsyncToolSettings settings = settings(ofTheTool, singleFlight);
        Operation running = running();
        TestRequest request = new TestRequest();
        tried.follow(settings, OWNER, call(request), StartedRun.of(running.requireId()));
        assertThat(status(running)).isNotEqualTo(OperationStatus.CANCELLED);

        Consumer<TestRequest> leave = client.equals("cancels") ? TestRequest::giveUp : TestRequest::lose;
        leave.accept(request);

        boolean kept = operation.equals("kept");
        assertThat(status(running).isTerminal()).isEqualTo(!kept);
        assertThat(take(tried, settings)).isEqualTo(kept ? Optional.of(running.requireId()) : Optional.empty());
    }

    @Test
    void sameCallThatOvertakesTheCancellationGetsTheOperation() {
        Operation running = running();
        TestRequest request = new TestRequest();
        departures.follow(SETTINGS, OWNER, call(request), StartedRun.of(running.requireId()));

        CompletionStage<Optional<String>> again = departures.take(SETTINGS, OWNER, call(new TestRequest()));
        assertThat(again.toCompletableFuture()).isNotDone();
        request.giveUp();

        assertThat(again.toCompletableFuture()).isCompletedWithValue(Optional.of(running.requireId()));
    }

    /** As the Java SDK, which neither cancels nor closes the connection. */
    @Test
    void clientThatCallsAgainInSilenceIsAnsweredSooner() {
        departures.follow(
                SETTINGS,
                OWNER,
                call(new TestRequest()),
                StartedRun.of(running().requireId()));
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        take(departures, SETTINGS);
        assertThat(patience.of(call(new TestRequest()), OWNER)).isEqualTo(Duration.ofMillis(2_500));
    }

    @Test
    void clientThatCallsAgainAfterTheReplyIsNotImpatient() {
        TestRequest first = new TestRequest();
        departures.follow(SETTINGS, OWNER, call(first), StartedRun.of(running().requireId()));
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        first.reply();
        take(departures, SETTINGS);
        assertThat(patience.of(call(new TestRequest()), OWNER)).isEqualTo(WaitBudgets.DEFAULTS.unknown());
    }

    @Test
    void equalCallsMayRunSideBySide() {
        departures.follow(
                SETTINGS,
                OWNER,
                call(new TestRequest()),
                StartedRun.of(running().requireId()));

        CompletionStage<Optional<String>> second = departures.take(SETTINGS, OWNER, call(new TestRequest()));
        timer.advance(MOMENT);

        assertThat(second.toCompletableFuture()).isCompletedWithValue(Optional.empty());
    }

    @Test
    void callThatMayJoinAnotherWaitsForNothing() {
        AsyncToolSettings joining = settings(null, true);
        departures.follow(
                joining, OWNER, call(new TestRequest()), StartedRun.of(running().requireId()));

        assertThat(departures.take(joining, OWNER, call(new TestRequest())).toCompletableFuture())
                .isCompletedWithValue(Optional.empty());
    }

    @Test
    void clientThatHasItsReplyAfterAllStartsAnew() {
        TestRequest request = new TestRequest();
        departures.follow(
                SETTINGS, OWNER, call(request), StartedRun.of(running().requireId()));
        request.lose();
        request.comeBack();
        assertThat(departures.take(SETTINGS, OWNER, call(new TestRequest())).toCompletableFuture())
                .isCompletedWithValue(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({"REQUEST, true", "NEVER, false"})
    void clientThatGivesUpAfterItsConnectionWasLostIsHeard(CancelOn cancelOn, boolean cancelled) {
        AsyncToolSettings settings = settings(cancelOn, false);
        TestRequest request = new TestRequest();
        Operation operation = running();
        departures.follow(settings, OWNER, call(request), StartedRun.of(operation.requireId()));
        request.lose();
        request.giveUp();
        assertThat(status(operation) == OperationStatus.CANCELLED).isEqualTo(cancelled);
        assertThat(take(departures, settings).isPresent()).isNotEqualTo(cancelled);
    }

    @Test
    void cancellationThatComesAfterTheRetryLeavesTheRetryItsOperation() {
        AsyncToolSettings settings = settings(CancelOn.REQUEST, false);
        TestRequest request = new TestRequest();
        Operation operation = running();
        departures.follow(settings, OWNER, call(request), StartedRun.of(operation.requireId()));
        request.lose();
        assertThat(take(departures, settings)).contains(operation.requireId());
        request.giveUp();
        assertThat(status(operation)).isNotEqualTo(OperationStatus.CANCELLED);
    }

    @Test
    void everyCallThatWasGivenUpIsForOneCall() {
        TestRequest first = new TestRequest();
        TestRequest second = new TestRequest();
        Operation one = running();
        Operation other = running();
        departures.follow(SETTINGS, OWNER, call(first), StartedRun.of(one.requireId()));
        departures.follow(SETTINGS, OWNER, call(second), StartedRun.of(other.requireId()));
        first.giveUp();
        second.lose();

        assertThat(take(departures, SETTINGS)).contains(one.requireId());
        assertThat(take(departures, SETTINGS)).contains(other.requireId());
        assertThat(take(departures, SETTINGS)).isEmpty();
    }

    @Test
    void operationThatHasNotBegunIsWaitedFor() {
        TestRequest request = new TestRequest();
        StartedRun queued = new StartedRun();
        departures.follow(SETTINGS, OWNER, call(request), queued);
        request.giveUp();

        CompletionStage<Optional<String>> again = departures.take(SETTINGS, OWNER, call(new TestRequest()));
        assertThat(again.toCompletableFuture()).isNotDone();
        Operation running = running();
        queued.begun(running::requireId);

        assertThat(again.toCompletableFuture()).isCompletedWithValue(Optional.of(running.requireId()));
    }

    @Test
    void callThatWasNotAdmittedLeavesNothing() {
        TestRequest request = new TestRequest();
        StartedRun rejected = new StartedRun();
        departures.follow(SETTINGS, OWNER, call(request), rejected);
        request.giveUp();
        rejected.waited(null);

        assertThat(take(departures, SETTINGS)).isEmpty();
    }
}
