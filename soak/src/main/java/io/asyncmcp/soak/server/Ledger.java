package io.asyncmcp.soak.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.stereotype.Component;

/** What the tools' bodies did, by the key of the call: each run with its end. Thread-safe. */
@Component
class Ledger {

    private static final String RUNNING = "running";

    private Map<String, List<String>> runs = new LinkedHashMap<>();

    /** Runs a body and notes how it ended: {@code returned}, {@code threw} or {@code stopped}. */
    String enter(String key, Callable<String> body) throws Exception {
        int run = begin(key);
        String end = "threw";
        try {
            String result = body.call();
            end = "returned";
            return result;
        } catch (InterruptedException e) {
            end = "stopped";
            throw e;
        } finally {
            end(key, run, end);
        }
    }

    private synchronized int begin(String key) {
        List<String> known = runs.computeIfAbsent(key, k -> new ArrayList<>(1));
        known.add(RUNNING);
        return known.size() - 1;
    }

    private synchronized void end(String key, int run, String end) {
        List<String> known = runs.get(key);
        if (known != null) {
            known.set(run, end);
        }
    }

    /** Hands everything over, so that what is noted here does not count as memory that was not given back. */
    synchronized Map<String, List<String>> drain() {
        Map<String, List<String>> drained = runs;
        runs = new LinkedHashMap<>();
        return drained;
    }
}
