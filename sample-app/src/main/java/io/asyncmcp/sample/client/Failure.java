package io.asyncmcp.sample.client;

import java.net.ConnectException;

/** Says in one line why a client could not do its work. */
final class Failure {

    private Failure() {}

    static String describe(Throwable error, String url) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return "no server answers at " + url + "; start it with ./try-it";
            }
        }
        return error.getMessage() == null ? error.toString() : error.getMessage();
    }
}
