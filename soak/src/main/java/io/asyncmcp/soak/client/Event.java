package io.asyncmcp.soak.client;

import static io.asyncmcp.soak.client.Face.GENERIC;
import static io.asyncmcp.soak.client.Face.MODERN;
import static io.asyncmcp.soak.client.Face.TASKS;

import java.util.List;
import java.util.Locale;

/** What can happen to a client. A run in which one of these never happened has shown nothing about it. */
public enum Event {
    ANSWERED_IN_TIME(GENERIC, MODERN),
    GIVEN_A_HANDLE(GENERIC, TASKS, MODERN),
    REFUSED(GENERIC, TASKS, MODERN),
    TOLD_OF_PROGRESS(GENERIC, TASKS, MODERN),
    ANSWERED_A_QUESTION(GENERIC, TASKS, MODERN),
    LEFT_A_QUESTION_OPEN(TASKS, MODERN),
    SAW_A_TOOL_FAIL(GENERIC, TASKS, MODERN),
    SAW_A_LIFETIME_END(GENERIC, TASKS, MODERN),
    CANCELLED(GENERIC, TASKS, MODERN),
    /** A race that need not happen. */
    CANCELLED_TOO_LATE(),
    /** Needs a client that is slower than all that the others produce meanwhile; the meters show that results are dropped. */
    CAME_TOO_LATE_FOR_A_RESULT(),
    CLOSED_THE_CONNECTION(GENERIC, TASKS, MODERN),
    LEFT_AN_OPERATION_ALONE(GENERIC, TASKS, MODERN),
    ASKED_FOR_WHAT_HAD_EXPIRED(GENERIC, TASKS, MODERN),
    LISTED(GENERIC, TASKS),
    LISTENED(MODERN),
    CALLED_A_PLAIN_TOOL(GENERIC, TASKS, MODERN),
    LOST_A_STREAM_AND_CAME_BACK(TASKS),
    DELETED_A_SESSION(GENERIC, TASKS),
    ABANDONED_A_SESSION(TASKS);

    private final List<Face> mustHappenTo;

    Event(Face... mustHappenTo) {
        this.mustHappenTo = List.of(mustHappenTo);
    }

    public boolean mustHappenTo(Face face) {
        return mustHappenTo.contains(face);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
