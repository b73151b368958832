package io.asyncmcp.soak.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a client is going to do with one call.
 *
 * @param tool what it calls
 * @param key what this call is known by, in the tool's arguments, its result and the server's ledger
 * @param millis how long the tool works
 * @param kilobytes how much a tool that returns a lot returns
 * @param course what it does after that
 * @param patience how long it waits before it closes a connection or cancels, in milliseconds
 * @param answers whether it answers a question
 * @param curious whether it also takes the way that is not necessary: lists, listens, loses a stream and comes back
 * @param extension on protocol 2026-07-28, whether it knows tasks
 * @param afterwards what becomes of its session
 */
record Plan(
        Tool tool,
        String key,
        int millis,
        int kilobytes,
        Course course,
        int patience,
        boolean answers,
        boolean curious,
        boolean extension,
        Afterwards afterwards) {

    enum Course {
        /** Comes back until there is a result. */
        FOLLOW,
        CANCEL,
        /** Never comes back, once it has a handle. */
        LEAVE,
        /** Closes the connection in the middle of the call. */
        VANISH
    }

    enum Afterwards {
        STAY,
        DELETE,
        /** Makes a new session and forgets the old one. */
        ABANDON
    }

    Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("key", key);
        switch (tool) {
            case INSTANT, ENDLESS -> {}
            case BIG -> {
                arguments.put("millis", millis);
                arguments.put("kilobytes", kilobytes);
            }
            case SLOW, FAILING, STUBBORN, ASKING, SHARED, NARROW, PLAIN -> arguments.put("millis", millis);
        }
        return arguments;
    }
}
