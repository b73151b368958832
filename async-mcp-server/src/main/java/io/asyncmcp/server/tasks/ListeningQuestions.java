package io.asyncmcp.server.tasks;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.server.exchange.Audience;
import io.asyncmcp.server.exchange.Capabilities;
import io.asyncmcp.server.exchange.LogFollowers;
import io.asyncmcp.server.exchange.WaitingRequest;
import io.asyncmcp.server.json.JsonFailures;
import io.asyncmcp.server.transport.ClientSession;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a task's questions on the stream on which its creator listens, where nobody has come for them with
 * {@code tasks/result}: some clients call that only when the task has ended.
 *
 * <p>Thread-safe.
 */
final class ListeningQuestions {

    private static final Logger logger = LoggerFactory.getLogger(ListeningQuestions.class);

    private final AsyncExecutor executor;

    /** How long somebody may take to come, by tool. */
    private final Function<String, Duration> momentOf;

    private final ScheduledExecutorService timer;

    ListeningQuestions(AsyncExecutor executor, Function<String, Duration> momentOf, ScheduledExecutorService timer) {
        this.executor = executor;
        this.momentOf = momentOf;
        this.timer = timer;
    }

    Asking of(String taskId, ClientSession session) {
        return new Asking(taskId, session);
    }

    /** The questions of one task, until it ends or its session does. */
    final class Asking {

        private final String taskId;

        private final ClientSession session;

        /** Whether a look is due. The thread that sets it owns {@link #current} until it is taken back. */
        private final AtomicBoolean looking = new AtomicBoolean();

        /** Whether there was news while a look was due or under way. */
        private volatile boolean missed;

        private volatile boolean over;

        private volatile @Nullable Current current;

        /** Whatever was asked, by the stream. */
        private final Set<Current> all = ConcurrentHashMap.newKeySet();

        private Asking(String taskId, ClientSession session) {
            this.taskId = taskId;
            this.session = session;
        }

        /** Called with every state of the operation. */
        void changed(Operation operation) {
            if (isUnasked(operation)) {
                lookLater(operation.type());
            }
        }

        void end() {
            over = true;
            all.forEach(Current::end);
        }

        private boolean isUnasked(Operation operation) {
            return operation.pendingInputs().stream()
                    .anyMatch(input -> !input.delivered() && Capabilities.canAnswer(session.capabilities(), input));
        }

        private void lookLater(String tool) {
            if (over) {
                return;
            }
            if (!looking.compareAndSet(false, true)) {
                missed = true;
                return;
            }
            try {
                timer.schedule(() -> handOver(tool), momentOf.apply(tool).toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // The server is shutting down.
                over = true;
            }
        }

        private void handOver(String tool) {
            try {
                session.delivery().execute(() -> look(tool));
            } catch (RejectedExecutionException e) {
                over = true;
            }
        }

        private void look(String tool) {
            missed = false;
            executor.findAsync(taskId, null).whenComplete((now, error) -> {
                try {
                    if (error == null && isUnasked(now) && !over) {
                        ask(now);
                    }
                } catch (RuntimeException e) {
                    logger.warn(
                            "A question could not be asked on the stream on which its client listens; it is tried again",
                            JsonFailures.loggable(e));
                } finally {
                    looking.set(false);
                }
                // Until it is seen that they were asked: who listens may come back, and a store may.
                if (error == null ? missed || isUnasked(now) : !isGone(error)) {
                    lookLater(tool);
                }
            });
        }

        private static boolean isGone(Throwable error) {
            Throwable cause = error instanceof CompletionException ? error.getCause() : error;
            return cause instanceof OperationNotFoundException;
        }

        private void ask(Operation operation) {
            ClientSession.Listening listening = session.listening();
            if (listening == null) {
                return;
            }
            Current known = current;
            if (known == null || known.listening != listening) {
                // What was asked on an earlier stream is given back when that is closed.
                known = new Current(listening);
                current = known;
                if (over) {
                    known.end();
                    return;
                }
            }
            known.request.changed(operation);
        }

        /** What was asked on one stream, and is given back if that is lost before the answer. */
        private final class Current {

            private final ClientSession.Listening listening;

            private final WaitingRequest request;

            private final SessionStream stream;

            /** Not there yet if the stream is closed already. */
            private volatile @Nullable Runnable forget;

            Current(ClientSession.Listening listening) {
                this.listening = listening;
                this.stream = new SessionStream(session, message -> {
                    listening.send(message);
                    return true;
                });
                this.request = WaitingRequest.open(
                        executor,
                        new Audience(stream, null, session.capabilities(), taskId, null),
                        new LogFollowers(0));
                // Before the end, which may come at once.
                all.add(this);
                this.forget = listening.atClose(this::end);
            }

            /** The stream is closed, the session or the task has ended: what has no answer may be asked elsewhere. */
            private void end() {
                all.remove(this);
                stream.end();
                Runnable known = forget;
                if (known != null) {
                    known.run();
                }
            }
        }
    }
}
