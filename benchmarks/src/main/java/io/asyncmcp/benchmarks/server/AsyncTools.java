package io.asyncmcp.benchmarks.server;

import io.asyncmcp.server.AsyncTool;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** The same, asynchronous. Without the starter the annotation is not there, and none of these is a tool. */
@Component
class AsyncTools {

    @AsyncTool(name = "async", description = "Does nothing")
    String async() {
        return "done";
    }

    /** Returns the moment of its end, in microseconds since 1970, for somebody on the same machine. */
    @AsyncTool(name = "sleep", description = "Waits, and returns when it woke up", timeout = "45s")
    String sleep(int millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
        return Long.toString(TimeUnit.NANOSECONDS.toMicros(
                Duration.between(Instant.EPOCH, Instant.now()).toNanos()));
    }

    /** The same, for a caller who is given a handle at once. */
    @AsyncTool(name = "promoted", description = "Waits, and returns when it woke up", timeout = "0s")
    String promoted(int millis) throws InterruptedException {
        return sleep(millis);
    }
}
