package io.asyncmcp.server.exchange;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.Progress;
import io.asyncmcp.server.answer.OneLine;
import io.asyncmcp.server.json.JsonFailures;
import io.asyncmcp.server.question.Question;
import io.asyncmcp.server.transport.RequestStream;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's request that waits for an operation, and is told on its stream what happens meanwhile. Changes arrive on the
 * operation's thread and are only noted there; a delivery thread writes them one at a time and leaves out progress that was
 * overtaken, so that a slow client slows only itself. Where the transport has no comments, a client with a progress token gets
 * progress as a sign of life while the tool reports none.
 *
 * @since 0.1.0
 */
public final class WaitingRequest implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(WaitingRequest.class);

    /** Log messages kept for a slow client; what comes beyond is dropped. */
    private static final int MAX_LOGS = 256;

    /** The same in characters, of which a message may have many. */
    private static final int MAX_LOG_LENGTH = 256 * 1024;

    /** Clients show it on one line, beside what other servers say. */
    private static final int MAX_PROGRESS = 500;

    /** So far below zero that no number of changes leads back to it. */
    private static final int OVER = Integer.MIN_VALUE;

    private final AsyncExecutor executor;

    private final Audience audience;

    private final RequestStream stream;

    private final LogFollowers followers;

    private final AtomicReference<@Nullable Operation> latest = new AtomicReference<>();

    private final Queue<LoggingMessageNotification> logs = new ConcurrentLinkedQueue<>();

    private final AtomicInteger logCount = new AtomicInteger();

    private final AtomicInteger logLength = new AtomicInteger();

    /** Changes since the last round began: raising it from zero starts a round. {@link #OVER} once no round may begin any more. */
    private final AtomicInteger noted = new AtomicInteger();

    private final Consumer<LoggingMessageNotification> logFollower = this::log;

    /** Questions that went out on the stream: a client that comes back to it finds them there. */
    private final Set<Question.Address> told = ConcurrentHashMap.newKeySet();

    /** Those that nobody else may ask; they may be lost with the connection. */
    private final Set<Question.Address> asked = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /** Set before {@link #noted} is read, and read after it is set to zero: one of the two sees the other. */
    private volatile boolean finishing;

    private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();

    /** Used by the one round that runs at a time. */
    private final RisingProgress progress = new RisingProgress();

    /** Whether the client waits for a sign of life. */
    private volatile boolean silent;

    /** Stops looking for silence. */
    private volatile Runnable noSilence = () -> {};

    private WaitingRequest(AsyncExecutor executor, Audience audience, LogFollowers followers) {
        this.executor = executor;
        this.audience = audience;
        this.stream = audience.stream();
        this.followers = followers;
    }

    /** Starts following, or returns {@code null} if the transport can carry only the reply. */
    public static @Nullable WaitingRequest open(AsyncExecutor executor, ToolCall call, LogFollowers followers) {
        Audience audience = Audience.of(call);
        return audience == null ? null : open(executor, audience, followers);
    }

    /** Starts following the operation, and its log messages through {@code followers}. */
    public static WaitingRequest open(AsyncExecutor executor, Audience audience, LogFollowers followers) {
        WaitingRequest waiting = new WaitingRequest(executor, audience, followers);
        if (audience.progressToken() != null) {
            waiting.noSilence = audience.stream().whenSilent(waiting::grownSilent);
        }
        followers.add(waiting.logFollower);
        audience.stream().disconnected().thenRun(waiting::giveBack);
        audience.stream().gone().thenRun(waiting::gone);
        audience.stream().whenCutOrResumed(waiting::cutOrResumed);
        return waiting;
    }

    /** Notes the new state of the operation. */
    public void changed(Operation operation) {
        boolean progressed = operation.progress() != null && audience.progressToken() != null;
        if (progressed
                || audience.statusListener() != null
                || !operation.pendingInputs().isEmpty()) {
            latest.set(operation);
            note();
        }
    }

    private void log(LoggingMessageNotification message) {
        if (stream.isLoggingAllowed(message.level()) && logCount.get() < MAX_LOGS && logLength.get() < MAX_LOG_LENGTH) {
            logCount.incrementAndGet();
            logLength.addAndGet(length(message));
            logs.add(message);
            note();
        }
    }

    private static int length(LoggingMessageNotification message) {
        return message.data() == null ? 0 : message.data().length();
    }

    private void grownSilent() {
        if (closed) {
            noSilence.run();
        } else {
            silent = true;
            note();
        }
    }

    private void note() {
        if (closed || noted.getAndIncrement() != 0) {
            return;
        }
        try {
            stream.delivery().execute(this::deliver);
        } catch (RejectedExecutionException e) {
            logger.debug("Nothing more is delivered: the server is shutting down");
            closed = true;
            drained.complete(null);
        }
    }

    private void deliver() {
        int seen;
        do {
            seen = noted.get();
            try {
                deliverOnce();
            } catch (Throwable e) {
                logger.warn(
                        "Telling a waiting client what its operation does failed; the operation goes on",
                        JsonFailures.loggable(e));
            }
        } while (!noted.compareAndSet(seen, 0));
        if (finishing) {
            closed = true;
            drained.complete(null);
        }
    }

    private void deliverOnce() {
        // What is told meanwhile is left out, but for how the operation stands when the client comes back.
        boolean cut = stream.isCut();
        for (LoggingMessageNotification log = logs.poll(); log != null; log = logs.poll()) {
            logCount.decrementAndGet();
            logLength.addAndGet(-length(log));
            if (!cut) {
                stream.send(new JSONRPCNotification(
                        McpSchema.METHOD_NOTIFICATION_MESSAGE, RelatedTask.params(log, audience.taskId())));
            }
        }
        Operation operation = cut ? null : latest.getAndSet(null);
        boolean wasSilent = silent;
        silent = false;
        if (closed || cut) {
            return;
        }
        if (!sendProgress(operation == null ? null : operation.progress()) && wasSilent && !finishing) {
            send(progress.signOfLife());
        }
        if (operation == null) {
            return;
        }
        Audience.StatusListener statusListener = audience.statusListener();
        if (statusListener != null) {
            statusListener.changed(operation, stream);
        }
        for (Question question : Question.of(operation)) {
            if (!question.input().delivered() && Capabilities.canAnswer(audience.capabilities(), question.input())) {
                ask(question);
            }
        }
    }

    private boolean sendProgress(@Nullable Progress reported) {
        return reported != null && send(progress.report(reported));
    }

    private boolean send(@Nullable Progress next) {
        Object token = audience.progressToken();
        if (next == null || token == null) {
            return false;
        }
        stream.send(new JSONRPCNotification(
                McpSchema.METHOD_NOTIFICATION_PROGRESS,
                new ProgressNotification(
                        token,
                        next.progress(),
                        next.total(),
                        next.message() == null ? null : OneLine.of(next.message(), MAX_PROGRESS),
                        audience.taskId() == null ? null : RelatedTask.mark(null, audience.taskId()))));
        return true;
    }

    /** A claimed question must reach somebody: nobody else asks it again. */
    private void ask(Question question) {
        if (closed || !question.claim(executor)) {
            return;
        }
        asked.add(question.address());
        if (closed || stream.isCut()) {
            giveBack();
        } else if (told.add(question.address())) {
            stream.ask(question, RelatedTask.params(question.input().params(), audience.taskId()));
        }
    }

    private void cutOrResumed() {
        if (stream.isCut()) {
            giveBack();
        } else {
            note();
        }
    }

    private void gone() {
        close();
        giveBack();
    }

    /** The questions may never have arrived, so that somebody else may ask them. */
    private void giveBack() {
        for (Question.Address question : asked) {
            if (asked.remove(question)) {
                question.giveBack(executor);
            }
        }
    }

    /** Ends as the answer does, once everything noted before it is out: the reply ends the stream. */
    public <T> CompletionStage<T> finishBefore(CompletionStage<T> answer) {
        return answer.handle((result, error) -> finish().thenCompose(sent -> answer))
                .thenCompose(Function.identity());
    }

    /** Sends what has been noted and then nothing more; ends when the reply may follow. */
    public CompletionStage<@Nullable Void> finish() {
        followers.remove(logFollower);
        noSilence.run();
        finishing = true;
        if (noted.compareAndSet(0, OVER)) {
            // Either there is nothing under way, or the round that has just ended did not see us: then it is over too.
            closed = true;
            drained.complete(null);
        }
        return drained;
    }

    /** Stops following; a round that is under way ends on its own. */
    @Override
    public void close() {
        closed = true;
        followers.remove(logFollower);
        noSilence.run();
    }
}
