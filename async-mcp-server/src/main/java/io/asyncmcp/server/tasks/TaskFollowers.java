package io.asyncmcp.server.tasks;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.server.answer.TaskTexts;
import io.asyncmcp.server.exchange.Audience;
import io.asyncmcp.server.exchange.OperationWatch;
import io.asyncmcp.server.exchange.WaitingRequest;
import io.asyncmcp.server.tool.OperationCalls;
import io.asyncmcp.server.transport.ClientSession;
import io.asyncmcp.server.transport.IncomingRequest;
import io.asyncmcp.server.transport.RequestStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the session that created a task what becomes of it, up to the task's end: status, progress under the token of the
 * call, log messages, and questions that nobody comes for.
 *
 * <p>Thread-safe.
 */
final class TaskFollowers {

    /** Sessions of one principal that get the same task by single flight. The others may ask for it. */
    static final int MAX_SESSIONS = 8;

    private static final Logger logger = LoggerFactory.getLogger(TaskFollowers.class);

    private final AsyncExecutor executor;

    private final TaskView view;

    private final TaskStreams streams;

    private final ListeningQuestions questions;

    /**
     * By task, then by session: one for all calls of a session that got the same task, of which it may make any number. The one that
     * began first is the first. Changed under the lock of the task's entry.
     */
    private final ConcurrentMap<String, Map<String, Following>> followings = new ConcurrentHashMap<>();

    TaskFollowers(AsyncExecutor executor, TaskView view, TaskStreams streams, ListeningQuestions questions) {
        this.executor = executor;
        this.view = view;
        this.streams = streams;
        this.questions = questions;
    }

    void follow(OperationCalls.Started started, IncomingRequest request) {
        if (!request.stream().isBidirectional()) {
            return;
        }
        Following mine = new Following(started.operation().requireId(), request.session());
        AtomicReference<@Nullable Following> overdue = new AtomicReference<>();
        Following following = enter(mine, overdue);
        following.tell(started, TaskParams.progressToken(request.request().params()));
        if (following == mine) {
            following.begin();
        }
        Following tooMany = overdue.get();
        if (tooMany != null) {
            tooMany.stop();
        }
    }

    /** Returns the one of the session; another one may be overdue for it. */
    private Following enter(Following mine, AtomicReference<@Nullable Following> overdue) {
        AtomicReference<Following> entered = new AtomicReference<>(mine);
        followings.compute(mine.taskId, (task, known) -> {
            Map<String, Following> bySession = known == null ? new LinkedHashMap<>() : known;
            Following there = bySession.putIfAbsent(mine.session.id(), mine);
            if (there != null) {
                entered.set(there);
            } else if (bySession.size() > MAX_SESSIONS) {
                overdue.set(bySession.values().iterator().next());
            }
            return bySession;
        });
        return entered.get();
    }

    private void leave(Following following) {
        followings.computeIfPresent(following.taskId, (task, bySession) -> {
            bySession.remove(following.session.id(), following);
            return bySession.isEmpty() ? null : bySession;
        });
    }

    /** What becomes of a task, for one session. */
    private final class Following {

        private final String taskId;

        private final ClientSession session;

        private final ListeningQuestions.Asking asking;

        /** Has the progress token of the latest call. */
        private final AtomicReference<@Nullable WaitingRequest> told = new AtomicReference<>();

        private final CompletableFuture<AsyncExecutor.Watch> watch = new CompletableFuture<>();

        private volatile boolean over;

        private final CompletableFuture<Runnable> forget = new CompletableFuture<>();

        Following(String taskId, ClientSession session) {
            this.taskId = taskId;
            this.session = session;
            this.asking = questions.of(taskId, session);
        }

        void tell(OperationCalls.Started started, @Nullable Object progressToken) {
            // Its own, because it keeps what follows it.
            SessionStream stream = new SessionStream(session, message -> streams.send(session.id(), taskId, message));
            Audience audience = new Audience(stream, progressToken, null, taskId, new StatusNotifications());
            finish(told.getAndSet(WaitingRequest.open(executor, audience, started.logs())));
            if (over) {
                finish(told.get());
            }
        }

        void begin() {
            forget.complete(session.atEnd(this::stop));
            OperationWatch.untilEndAsync(executor, taskId, operation -> {
                        changed(operation);
                        if (operation.status().isTerminal()) {
                            end();
                        }
                    })
                    .whenComplete((begun, error) -> {
                        if (error == null) {
                            watch.complete(begun);
                            return;
                        }
                        // The task runs, and its client must get to know of it all the same.
                        logger.warn(
                                "The client that created a task is not told what becomes of it, unless it asks", error);
                        end();
                    });
        }

        /** Nobody is to be told any more, even if the task goes on. */
        void stop() {
            end();
            close(told.get());
            watch.thenAccept(AsyncExecutor.Watch::close);
        }

        private void changed(Operation operation) {
            WaitingRequest latest = told.get();
            if (latest != null) {
                latest.changed(operation);
            }
            asking.changed(operation);
        }

        private void end() {
            over = true;
            leave(this);
            finish(told.get());
            asking.end();
            forget.thenAccept(Runnable::run);
        }

        private static void close(@Nullable WaitingRequest request) {
            if (request != null) {
                request.close();
            }
        }

        private static void finish(@Nullable WaitingRequest request) {
            if (request != null) {
                request.finish();
            }
        }
    }

    /** Called by one thread at a time; the last status told is the state that it starts from. */
    private final class StatusNotifications implements Audience.StatusListener {

        /** Every task begins as working, and its creator knows. */
        private String told = "working";

        @Override
        public void changed(Operation operation, RequestStream stream) {
            String status = TaskTexts.status(operation.status());
            if (!status.equals(told)) {
                told = status;
                stream.send(view.statusNotification(operation));
            }
        }
    }
}
