package io.asyncmcp.soak;

import io.asyncmcp.soak.client.Event;
import io.asyncmcp.soak.client.Face;
import io.asyncmcp.soak.client.Tally;
import java.util.List;

/** What must have happened, or a run has shown nothing, and what must not. */
final class Occurrences {

    /** What only the server can tell. */
    private static final List<String> COUNTERS = List.of(
            "async.mcp.rejections{limit=total",
            "async.mcp.rejections{limit=owner",
            "async.mcp.rejections{limit=type",
            "async.mcp.results.dropped{",
            "async.mcp.expirations{",
            "async.mcp.joined{",
            "async.mcp.promotions{",
            "async.mcp.answered.in.time{");

    private final Tally tally;

    Occurrences(Tally tally) {
        this.tally = tally;
    }

    boolean areComplete(Meters meters) {
        Findings findings = new Findings();
        checkComplete(meters, findings);
        return findings.violations().isEmpty();
    }

    private void checkComplete(Meters meters, Findings findings) {
        for (Event event : Event.values()) {
            for (Face face : Face.values()) {
                findings.require(
                        !event.mustHappenTo(face) || tally.of(face, event) > 0,
                        "never happened to a client of %s: %s",
                        face,
                        event);
            }
        }
        for (String counter : COUNTERS) {
            findings.require(meters.sum(counter) > 0, "never happened on the server: %s", counter);
        }
    }

    void check(Meters meters, Findings findings) {
        checkComplete(meters, findings);
        tally.unexpected().forEach((kind, example) -> findings.require(false, "unexpected: %s, %s", kind, example));
        // A client that goes away is no error; what the SDK and the web stacks say of it is switched off.
        findings.require(meters.sum("logback.events{level=error") == 0, "the server's log has errors");
    }
}
