package io.asyncmcp;

import io.asyncmcp.doubles.MutableClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** A wall clock that somebody sets while everything runs; the ticker beside it knows nothing of that. */
public final class JumpingClock extends Clock {

    private final MutableClock steady;

    private volatile Duration offset = Duration.ZERO;

    public JumpingClock(MutableClock steady) {
        this.steady = steady;
    }

    public void jump(Duration by) {
        offset = offset.plus(by);
    }

    @Override
    public Instant instant() {
        return steady.instant().plus(offset);
    }

    @Override
    public ZoneId getZone() {
        return steady.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
