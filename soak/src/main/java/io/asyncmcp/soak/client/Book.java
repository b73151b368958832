package io.asyncmcp.soak.client;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the clients say of each of their calls. Thread-safe. */
public final class Book {

    /**
     * One call.
     *
     * @param tool what was called
     * @param key the call's key
     * @param fate what became of it
     */
    public record Entry(Tool tool, String key, Fate fate) {}

    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();

    void note(Plan plan, Fate fate) {
        if (plan.tool().isOperation()) {
            entries.add(new Entry(plan.tool(), plan.key(), fate));
        }
    }

    public List<Entry> entries() {
        return List.copyOf(entries);
    }
}
