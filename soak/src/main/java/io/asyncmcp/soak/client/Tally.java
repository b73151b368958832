package io.asyncmcp.soak.client;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts events, and what nobody expected, with one example of each kind. Thread-safe. */
public final class Tally {

    private final Map<Event, Map<Face, LongAdder>> events = new EnumMap<>(Event.class);

    private final ConcurrentMap<String, LongAdder> unexpected = new ConcurrentHashMap<>();

    private final ConcurrentMap<String, String> examples = new ConcurrentHashMap<>();

    public Tally() {
        for (Event event : Event.values()) {
            Map<Face, LongAdder> counts = new EnumMap<>(Face.class);
            for (Face face : Face.values()) {
                counts.put(face, new LongAdder());
            }
            events.put(event, counts);
        }
    }

    void count(Face face, Event event) {
        counter(face, event).increment();
    }

    public long of(Face face, Event event) {
        return counter(face, event).sum();
    }

    private LongAdder counter(Face face, Event event) {
        return events.getOrDefault(event, Map.of()).getOrDefault(face, new LongAdder());
    }

    void unexpected(Face face, Plan plan, Throwable thrown) {
        String kind = face + " " + plan.tool() + " " + plan.course() + ": "
                + thrown.getClass().getSimpleName();
        unexpected.computeIfAbsent(kind, k -> new LongAdder()).increment();
        examples.putIfAbsent(kind, plan + ": " + thrown);
    }

    /** How often and an example, by kind. */
    public Map<String, String> unexpected() {
        Map<String, String> all = new TreeMap<>();
        unexpected.forEach((kind, count) -> all.put(kind, count + " times, such as " + examples.get(kind)));
        return all;
    }
}
