package io.asyncmcp.server.tasks;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.server.answer.TaskTexts;
import io.asyncmcp.server.exchange.Audience;
import io.asyncmcp.server.exchange.OperationWatch;
import io.asyncmcp.server.exchange.WaitingRequest;
import io.asyncmcp.server.tasks.TaskStreams.Key;
import io.asyncmcp.server.tool.OperationCalls;
import io.asyncmcp.server.transport.ClientSession;
import io.asyncmcp.server.transport.IncomingRequest;
import io.asyncmcp.server.transport.RequestStream;
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

    private static final Logger logger = LoggerFactory.getLogger(TaskFollowers.class);

    private final AsyncExecutor executor;

    private final TaskView view;

    private final TaskStreams streams;

    private final ListeningQuestions questions;

    /** One for all calls of a session that got the same task: it may make any number of them. */
    private final ConcurrentMap<Key, Following> followings = new ConcurrentHashMap<>();

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
        Key key = new Key(request.session().id(), started.operation().requireId());
        Following mine = new Following(key, request.session());
        Following known = followings.putIfAbsent(key, mine);
        Following following = known == null ? mine : known;
        following.tell(started, TaskParams.progressToken(request.request().params()));
        if (known == null) {
            following.begin();
        }
    }

    /** What becomes of a task, for one session. */
    private final class Following {

        private final Key key;

        private final ClientSession session;

        private final ListeningQuestions.Asking asking;

        /** Has the progress token of the latest call. */
        private final AtomicReference<@Nullable WaitingRequest> told = new AtomicReference<>();

        private final CompletableFuture<AsyncExecutor.Watch> watch = new CompletableFuture<>();

        private volatile boolean over;

        Following(Key key, ClientSession session) {
            this.key = key;
            this.session = session;
            this.asking = questions.of(key.taskId(), session);
        }

        void tell(OperationCalls.Started started, @Nullable Object progressToken) {
            // Its own, because it keeps what follows it.
            SessionStream stream =
                    new SessionStream(session, message -> streams.send(key.sessionId(), key.taskId(), message));
            Audience audience = new Audience(stream, progressToken, null, key.taskId(), new StatusNotifications());
            finish(told.getAndSet(WaitingRequest.open(executor, audience, started.logs())));
            if (over) {
                finish(told.get());
            }
        }

        void begin() {
            Runnable forget = session.atEnd(() -> {
                end();
                close(told.get());
                watch.thenAccept(AsyncExecutor.Watch::close);
            });
            OperationWatch.untilEndAsync(executor, key.taskId(), operation -> {
                        changed(operation);
                        if (operation.status().isTerminal()) {
                            end();
                            forget.run();
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
                        forget.run();
                    });
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
            followings.remove(key, this);
            finish(told.get());
            asking.end();
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
