package io.asyncmcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import org.junit.jupiter.api.Test;
import reactor.util.context.Context;

/** What goes on after a request belongs to its trace, and holds on to nothing of the request. */
class TracesTests {

    private final SimpleTracer tracer = new SimpleTracer();

    private final ObservationRegistry registry = ObservationRegistry.create();

    private final Observation request;

    TracesTests() {
        registry.observationConfig().observationHandler(new DefaultTracingObservationHandler(tracer));
        request = Observation.createNotStarted("http.server.requests", registry)
                .contextualName("http post /mcp")
                .start();
    }

    private void assertThatTheTraceGoesOn(ContextSnapshot snapshot) {
        request.stop();
        Observation child;
        try (ContextSnapshot.Scope scope = snapshot.setThreadLocals()) {
            Observation current = registry.getCurrentObservation();
            assertThat(current.getContextView().getName()).isEqualTo("http.server.requests");
            assertThat(current.getContextView().getContextualName()).isEqualTo("http post /mcp");
            assertThat(current.getContextView()).isNotSameAs(request.getContextView());
            // Whoever marks it marks something that is over.
            current.lowCardinalityKeyValue("a", "b")
                    .event(Observation.Event.of("late"))
                    .error(new Exception());
            child = Observation.start("child", registry);
            try (Observation.Scope inner = child.openScope()) {
                assertThat(registry.getCurrentObservation()).isSameAs(child);
            }
            assertThat(registry.getCurrentObservation()).isSameAs(current);
        }
        child.stop();
        assertThat(registry.getCurrentObservation()).isNull();
        assertThat(registry.getCurrentObservationScope()).isNull();

        assertThat(tracer.getSpans()).hasSize(2);
        SimpleSpan below = tracer.getSpans().peekLast();
        assertThat(below.getName()).isEqualTo("child");
        assertThat(below.context().traceId())
                .isEqualTo(tracer.getSpans().peekFirst().context().traceId());
        assertThat(below.context().parentId())
                .isEqualTo(tracer.getSpans().peekFirst().context().spanId());
        assertThat(tracer.getSpans().peekFirst().getTags()).isEmpty();
    }

    @Test
    void ofTheThread() {
        ContextSnapshot snapshot;
        try (Observation.Scope scope = request.openScope()) {
            snapshot = ContextPropagation.capture(Context.empty());
            assertThat(registry.getCurrentObservation()).isSameAs(request);
        }

        assertThatTheTraceGoesOn(snapshot);
    }

    @Test
    void ofTheReactiveChain() {
        assertThatTheTraceGoesOn(ContextPropagation.capture(Context.of(ObservationThreadLocalAccessor.KEY, request)));
    }

    /** Where the current observation has no trace of its own, that of its parent counts. */
    @Test
    void parentsAreCopiedAndNoOthers() {
        Observation inner = Observation.createNotStarted("inner", registry).parentObservation(request);
        Observation trace;
        try (Observation.Scope scope = request.openScope()) {
            trace = Traces.of(inner);
            assertThat(Traces.of(request).getContextView().getParentObservation())
                    .isNull();
        }

        ObservationView parent = trace.getContextView().getParentObservation();
        assertThat(parent).isNotSameAs(request);
        assertThat(parent.getContextView().getName()).isEqualTo("http.server.requests");
        assertThat(parent.getContextView().getParentObservation()).isNull();
    }

    @Test
    void isTakenAsItIsTheSecondTime() {
        Observation trace = Traces.of(request);

        assertThat(Traces.of(trace)).isSameAs(trace);
        assertThat(Traces.of(Observation.NOOP)).isSameAs(Observation.NOOP);
    }
}
