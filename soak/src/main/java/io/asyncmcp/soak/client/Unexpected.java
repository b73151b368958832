package io.asyncmcp.soak.client;

/** An answer that none of the protocols and none of the tools lets a client expect. */
final class Unexpected extends RuntimeException {

    private static final int EXAMPLE = 1000;

    Unexpected(String what, Object answer) {
        super(what + ": " + shortened(String.valueOf(answer)));
    }

    private static String shortened(String text) {
        return text.length() <= EXAMPLE ? text : text.substring(0, EXAMPLE) + "...";
    }
}
