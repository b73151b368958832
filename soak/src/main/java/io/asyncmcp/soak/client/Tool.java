package io.asyncmcp.soak.client;

import java.util.Locale;

/** The server's tools, and how often each is called. */
public enum Tool {
    INSTANT(13),
    SLOW(18),
    FAILING(12),
    ENDLESS(14),
    STUBBORN(5),
    ASKING(16),
    BIG(8),
    SHARED(12),
    NARROW(8),
    /** Not asynchronous. */
    PLAIN(4);

    private final int weight;

    Tool(int weight) {
        this.weight = weight;
    }

    int weight() {
        return weight;
    }

    public boolean isOperation() {
        return this != PLAIN;
    }

    boolean endsByItself() {
        return this != ENDLESS && this != STUBBORN;
    }

    /** The name on the wire. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
