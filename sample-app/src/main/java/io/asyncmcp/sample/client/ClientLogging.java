package io.asyncmcp.sample.client;

/** Keeps the clients' own output readable: without the server's set-up the logging framework would print everything. */
final class ClientLogging {

    private ClientLogging() {}

    /** Must come before anything that logs. */
    static void onlyWarnings() {
        System.setProperty("logback.configurationFile", "client-logging.xml");
    }
}
