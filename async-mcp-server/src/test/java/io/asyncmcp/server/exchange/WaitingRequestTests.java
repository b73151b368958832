package io.asyncmcp.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.InputRequest;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.Progress;
import io.asyncmcp.doubles.ManualExecutor;
import io.asyncmcp.server.question.Question;
import io.asyncmcp.server.transport.RequestStream;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class WaitingRequestTests {

    private final List<JSONRPCMessage> sent = new ArrayList<>();

    private final List<Question> asked = new ArrayList<>();

    private final CompletableFuture<@Nullable Void> disconnected = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();

    private boolean cut;

    private Runnable cutOrResumed = () -> {};

    private final List<String> calls = new ArrayList<>();

    private Runnable whileClaiming = () -> {};

    /** What the stream does when it has been silent for long; {@code null} where nobody looks. */
    private @Nullable Runnable whenSilent;

    private Executor delivery = Runnable::run;

    private final RequestStream stream = (RequestStream) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {RequestStream.class}, (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "delivery":
                        return delivery;
                    case "whenSilent":
                        whenSilent = (Runnable) arguments[0];
                        return (Runnable) () -> whenSilent = null;
                    case "gone":
                        return gone;
                    case "isCut":
                        return cut;
                    case "whenCutOrResumed":
                        cutOrResumed = (Runnable) arguments[0];
                        return null;
                    case "disconnected":
                        return disconnected;
                    case "send":
                        sent.add((JSONRPCMessage) arguments[0]);
                        return null;
                    case "ask":
                        asked.add((Question) arguments[0]);
                        return null;
                    default:
                        throw new UnsupportedOperationException(method.getName());
                }
            });

    private static final AsyncExecutor UNUSED = (AsyncExecutor) Proxy.newProxyInstance(
            WaitingRequestTests.class.getClassLoader(), new Class<?>[] {AsyncExecutor.class}, (proxy, method, args) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    /** Lets everybody have a question. */
    private final AsyncExecutor executor = (AsyncExecutor) Proxy.newProxyInstance(
            WaitingRequestTests.class.getClassLoader(), new Class<?>[] {AsyncExecutor.class}, (proxy, method, args) -> {
                calls.add(method.getName());
                if (method.getName().equals("claimInput")) {
                    whileClaiming.run();
                }
                return true;
            });

    private static Operation working(@Nullable String message) {
        return operation("id", message);
    }

    private static Operation operation(@Nullable String id, @Nullable String message, InputRequest... questions) {
        return new Operation(
                id,
                "report",
                OperationOwner.APPLICATION,
                OperationStatus.WORKING,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                new Progress(1, 2.0, message),
                List.of(questions),
                null,
                false,
                null);
    }

    private @Nullable String told(@Nullable String message) {
        sent.clear();
        WaitingRequest.open(UNUSED, new Audience(stream, "token", null, null, null), new LogFollowers(1024))
                .changed(working(message));
        return ((ProgressNotification) ((JSONRPCNotification) sent.get(0)).params()).message();
    }

    @Test
    void progressIsOneLineOfASaneLength() {
        assertThat(told("row 1\nof 2")).isEqualTo("row 1 of 2");
        assertThat(told("x".repeat(100_000))).hasSize(500);
        assertThat(told(null)).isNull();
    }

    private WaitingRequest waiting(@Nullable Object token) {
        return WaitingRequest.open(UNUSED, new Audience(stream, token, null, null, null), new LogFollowers(1024));
    }

    private List<ProgressNotification> progress() {
        return sent.stream()
                .map(message -> (ProgressNotification) ((JSONRPCNotification) message).params())
                .toList();
    }

    private void fallSilent() {
        Runnable known = whenSilent;
        if (known != null) {
            known.run();
        }
    }

    @Test
    void clientThatHearsNothingGetsProgressThatIncreases() {
        WaitingRequest request = waiting("token");
        fallSilent();
        fallSilent();
        request.changed(working("row 1"));
        fallSilent();

        assertThat(progress())
                .extracting(ProgressNotification::progress, ProgressNotification::total, ProgressNotification::message)
                .containsExactly(
                        tuple(0.0, null, null),
                        tuple(1e-6, null, null),
                        tuple(1.0, 2.0, "row 1"),
                        tuple(1.000001, 2.0, "row 1"));
        assertThat(progress()).extracting(ProgressNotification::progressToken).containsOnly("token");
    }

    @Test
    void clientWithoutATokenGetsNoProgress() {
        waiting(null);
        assertThat(whenSilent).isNull();
    }

    @Test
    void reportThatIsThereTakesThePlaceOfASignOfLife() {
        ManualExecutor lane = new ManualExecutor();
        delivery = lane;
        WaitingRequest request = waiting("token");
        fallSilent();
        request.changed(working("row 1"));
        lane.runAll();
        assertThat(progress()).extracting(ProgressNotification::message).containsExactly("row 1");
    }

    @Test
    void clientThatReadsNothingGetsOneSignOfLifeLater() {
        ManualExecutor lane = new ManualExecutor();
        delivery = lane;
        waiting("token");
        fallSilent();
        fallSilent();
        fallSilent();
        assertThat(lane.size()).isEqualTo(1);
        lane.runAll();
        assertThat(sent).hasSize(1);
    }

    @Test
    void nothingIsSentAfterTheReply() {
        WaitingRequest request = waiting("token");
        Runnable late = whenSilent;
        assertThat(request.finish()).isCompleted();
        assertThat(whenSilent).isNull();
        late.run();
        assertThat(sent).isEmpty();
    }

    @Test
    void signOfLifeThatIsUnderWayEndsBeforeTheReplyAndIsLeftOut() {
        ManualExecutor lane = new ManualExecutor();
        delivery = lane;
        WaitingRequest request = waiting("token");
        Runnable late = whenSilent;
        fallSilent();
        CompletableFuture<@Nullable Void> finished = request.finish().toCompletableFuture();
        assertThat(finished).isNotDone();
        lane.runAll();
        assertThat(finished).isCompleted();
        late.run();
        lane.runAll();
        assertThat(sent).isEmpty();
    }

    @Test
    void nothingIsSentToAClientThatHasGone() {
        waiting("token");
        Runnable late = whenSilent;
        gone.complete(null);
        assertThat(whenSilent).isNull();
        late.run();
        assertThat(sent).isEmpty();
    }

    @Test
    void nobodyLooksForSilenceWhereTheServerShutsDown() {
        ManualExecutor lane = new ManualExecutor();
        lane.refuse();
        delivery = lane;
        waiting("token");
        fallSilent();
        fallSilent();
        assertThat(whenSilent).isNull();
    }

    @Test
    void operationWithoutAnIdIsFollowedToo() {
        WaitingRequest request =
                WaitingRequest.open(UNUSED, new Audience(stream, "token", null, null, null), new LogFollowers(1024));
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(WaitingRequest.class);
        logger.addAppender(log);
        try {
            request.changed(operation(null, "row 1"));
        } finally {
            logger.detachAppender(log);
        }
        assertThat(sent).hasSize(1);
        assertThat(log.list).isEmpty();
    }

    private WaitingRequest asking() {
        return WaitingRequest.open(
                executor,
                new Audience(
                        stream, null, ClientCapabilities.builder().elicitation().build(), null, null),
                new LogFollowers(1024));
    }

    private static Operation withQuestion() {
        return operation("id", null, new InputRequest("key", "elicitation/create", null, false, null));
    }

    @Test
    void questionIsAsked() {
        asking().changed(withQuestion());
        assertThat(asked).extracting(Question::key).containsExactly("key");
        disconnected.complete(null);
        assertThat(calls).containsExactly("claimInput", "releaseInput");
    }

    private void lose(boolean forGood) {
        cut = true;
        disconnected.complete(null);
        cutOrResumed.run();
        if (forGood) {
            gone.complete(null);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsAskedOnAConnectionThatIsLost(boolean forGood) {
        WaitingRequest request = asking();
        lose(forGood);
        request.changed(withQuestion());
        assertThat(calls).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void clientThatComesBackIsAskedAndToldHowTheOperationStands() {
        WaitingRequest request = WaitingRequest.open(
                executor,
                new Audience(
                        stream,
                        "token",
                        ClientCapabilities.builder().elicitation().build(),
                        null,
                        null),
                new LogFollowers(1024));
        lose(false);
        request.changed(working("row 1"));
        request.changed(operation("id", "row 2", new InputRequest("key", "elicitation/create", null, false, null)));
        assertThat(sent).isEmpty();
        assertThat(asked).isEmpty();

        cut = false;
        cutOrResumed.run();
        assertThat(sent)
                .extracting(message -> ((ProgressNotification) ((JSONRPCNotification) message).params()).message())
                .containsExactly("row 2");
        assertThat(asked).extracting(Question::key).containsExactly("key");
        lose(false);
        assertThat(calls).containsExactly("claimInput", "releaseInput");
        cut = false;
        cutOrResumed.run();
        request.changed(withQuestion());
        assertThat(asked).as("it is on the stream already").hasSize(1);
        lose(true);
        assertThat(calls).containsExactly("claimInput", "releaseInput", "claimInput", "releaseInput");
    }

    @Test
    void questionIsGivenBackAndNotSentIfTheConnectionIsLostMeanwhile() {
        WaitingRequest request = asking();
        whileClaiming = () -> lose(false);
        request.changed(withQuestion());
        assertThat(calls).containsExactly("claimInput", "releaseInput");
        assertThat(asked).isEmpty();
    }
}
