package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.server.modern.ModernFace;
import io.asyncmcp.server.modern.PlainWork;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.springframework.context.SmartLifecycle;

/** Ends subscriptions, and lets plain requests finish for a while, before the web server goes. */
final class ModernLifecycle implements SmartLifecycle {

    private final ModernFace face;

    private final PlainWork plain;

    private final Duration grace;

    private volatile boolean running;

    ModernLifecycle(ModernFace face, PlainWork plain, Duration grace) {
        this.face = face;
        this.plain = plain;
        this.grace = grace;
    }

    @Override
    public void start() {
        plain.restart();
        face.restart();
        running = true;
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        CompletionStage<Integer> end = plain.shutdown(grace);
        face.endSubscriptions()
                .thenCombine(end, (out, cancelled) -> cancelled)
                .whenComplete((cancelled, error) -> callback.run());
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
