package io.asyncmcp.server.tasks;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.server.answer.TaskTexts;
import io.asyncmcp.server.exchange.Audience;
import io.asyncmcp.server.exchange.OperationWatch;
import io.asyncmcp.server.exchange.WaitingRequest;
import io.asyncmcp.server.tool.HandleRequest;
import io.asyncmcp.server.transport.ClientSession;
import io.asyncmcp.server.transport.IncomingRequest;
import io.asyncmcp.server.transport.RequestStream;
import java.util.concurrent.CompletableFuture;
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

    TaskFollowers(AsyncExecutor executor, TaskView view, TaskStreams streams, ListeningQuestions questions) {
        this.executor = executor;
        this.view = view;
        this.streams = streams;
        this.questions = questions;
    }

    void follow(HandleRequest.Started started, IncomingRequest request) {
        ClientSession session = request.session();
        RequestStream own = RequestStream.of(request.context());
        if (own == null || !own.isBidirectional()) {
            return;
        }
        String taskId = started.operation().requireId();
        SessionStream stream = new SessionStream(
                session, message -> streams.send(session.id(), taskId, message), own.contextSnapshot());
        Audience audience = new Audience(
                stream, TaskParams.progressToken(request.request().params()), null, taskId, new StatusNotifications());
        WaitingRequest told = WaitingRequest.open(executor, audience, started.logs());
        follow(taskId, session, stream, told, questions.of(taskId, session, own.contextSnapshot()));
    }

    private void follow(
            String taskId,
            ClientSession session,
            SessionStream stream,
            WaitingRequest told,
            ListeningQuestions.Asking asking) {
        CompletableFuture<AsyncExecutor.Watch> watch = new CompletableFuture<>();
        Runnable forget = session.atEnd(() -> {
            stream.gone();
            asking.end();
            watch.thenAccept(AsyncExecutor.Watch::close);
        });
        OperationWatch.untilEndAsync(executor, taskId, operation -> {
                    told.changed(operation);
                    asking.changed(operation);
                    if (operation.status().isTerminal()) {
                        told.finish();
                        asking.end();
                        forget.run();
                    }
                })
                .whenComplete((begun, error) -> {
                    if (error == null) {
                        watch.complete(begun);
                        return;
                    }
                    // The task runs, and its client must get to know of it all the same.
                    logger.warn("The client that created a task is not told what becomes of it, unless it asks", error);
                    told.finish();
                    asking.end();
                    forget.run();
                });
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
