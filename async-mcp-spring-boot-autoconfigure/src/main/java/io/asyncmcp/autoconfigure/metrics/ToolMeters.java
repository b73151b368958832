package io.asyncmcp.autoconfigure.metrics;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationRejectedException.Limit;
import io.asyncmcp.OperationStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The meters of one tool, all there from the first event on, so that a rate can be taken of what was still zero. */
final class ToolMeters {

    private final Map<OperationStatus, Timer> durations = new EnumMap<>(OperationStatus.class);

    private final Map<Limit, Counter> rejections = new EnumMap<>(Limit.class);

    private final Counter promotions;

    private final Counter answeredInTime;

    private final Counter joined;

    ToolMeters(MeterRegistry registry, String tool) {
        Tags tags = Tags.of("tool", tool);
        for (OperationStatus status : OperationStatus.values()) {
            if (status.isTerminal()) {
                durations.put(
                        status,
                        Timer.builder("async.mcp.operations")
                                .description("Time from the call to the end of its operation")
                                .tags(tags.and("outcome", lowerCase(status)))
                                .register(registry));
            }
        }
        for (Limit limit : Limit.values()) {
            rejections.put(
                    limit,
                    counter("async.mcp.rejections", "Calls that were refused", "calls")
                            .tags(tags.and("limit", lowerCase(limit)))
                            .register(registry));
        }
        promotions = counter(
                        "async.mcp.promotions", "Calls that got a handle because they outlived their wait", "calls")
                .tags(tags)
                .register(registry);
        answeredInTime = counter(
                        "async.mcp.answered.in.time",
                        "Operations that ended before anybody needed a handle",
                        "operations")
                .tags(tags)
                .register(registry);
        joined = counter("async.mcp.joined", "Calls that joined an operation instead of starting one", "calls")
                .tags(tags)
                .register(registry);
    }

    void promoted() {
        promotions.increment();
    }

    void ended(Operation operation) {
        Duration taken = operation.elapsed(Objects.requireNonNull(operation.endedAt(), "endedAt"));
        Timer duration = durations.get(operation.status());
        if (duration != null) {
            duration.record(taken);
        }
        if (operation.id() == null) {
            answeredInTime.increment();
        }
    }

    void rejected(Limit limit) {
        Counter rejection = rejections.get(limit);
        if (rejection != null) {
            rejection.increment();
        }
    }

    void joined() {
        joined.increment();
    }

    private static Counter.Builder counter(String name, String description, String unit) {
        return Counter.builder(name).description(description).baseUnit(unit);
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
