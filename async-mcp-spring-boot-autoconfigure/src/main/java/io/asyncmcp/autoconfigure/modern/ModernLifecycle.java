package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.server.modern.ModernFace;
import io.asyncmcp.server.modern.PlainWork;
import java.time.Duration;
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
        running = true;
    }

    @Override
    public void stop(Runnable callback) {
        face.endSubscriptions().thenCompose(ended -> plain.shutdown(grace)).whenComplete((cancelled, error) -> {
            running = false;
            callback.run();
        });
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
