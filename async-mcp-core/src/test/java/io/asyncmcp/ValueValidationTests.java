package io.asyncmcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.OperationOwner.Kind;
import io.asyncmcp.doubles.MutableClock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ValueValidationTests {

    private static final ExecutorConfig CONFIG = ExecutorConfig.DEFAULTS;

    private static final ExecuteOptions OPTIONS = ExecuteOptions.ofType("report");

    private static final Duration NEGATIVE = Duration.ofSeconds(-1);

    @TestFactory
    Stream<DynamicTest> valuesOutOfRangeAreNamedWithTheirRule() {
        return Stream.of(
                rejects(
                        "defaultTimeout must be positive, but was PT0S",
                        () -> CONFIG.withDefaultTimeout(Duration.ZERO)),
                rejects("maxLifetime must be positive, but was PT-1S", () -> CONFIG.withMaxLifetime(NEGATIVE)),
                rejects(
                        "retentionPeriod must be positive, but was PT0S",
                        () -> CONFIG.withRetentionPeriod(Duration.ZERO)),
                rejects("cleanupInterval must be positive, but was PT-1S", () -> CONFIG.withCleanupInterval(NEGATIVE)),
                rejects("maxWait must be positive, but was PT0S", () -> CONFIG.withMaxWait(Duration.ZERO)),
                rejects("inputTimeout must be positive, but was PT-1S", () -> CONFIG.withInputTimeout(NEGATIVE)),
                rejects("maxRunning must be at least 1, but was 0", () -> new Limits(0, 0, 0)),
                rejects("maxQueued must not be negative, but was -1", () -> new Limits(1, -1, 0)),
                rejects("maxPerOwner must not be negative, but was -1", () -> new Limits(1, 0, -1)),
                rejects("type must not be blank", () -> ExecuteOptions.ofType(" ")),
                rejects("timeout of report must not be negative, but was PT-1S", () -> OPTIONS.withTimeout(NEGATIVE)),
                rejects(
                        "maxLifetime of report must be positive, but was PT0S",
                        () -> OPTIONS.withMaxLifetime(Duration.ZERO)),
                rejects("maxActive of report must not be negative, but was -1", () -> OPTIONS.withMaxActive(-1)),
                rejects("owner name must not be blank for kind PRINCIPAL", () -> OperationOwner.principal(" ")),
                rejects("owner name must not be blank for kind SESSION", () -> OperationOwner.session("")),
                rejects("limit must be at least 1, but was 0", () -> OperationQuery.ALL.withLimit(0)),
                rejects("progress must be a finite number, but was NaN", () -> new Progress(Double.NaN, null, null)),
                rejects(
                        "total must be a finite number, but was Infinity",
                        () -> new Progress(1, Double.POSITIVE_INFINITY, null)));
    }

    private static DynamicTest rejects(String message, ThrowingCallable construction) {
        return dynamicTest(
                message,
                () -> assertThatIllegalArgumentException()
                        .isThrownBy(construction)
                        .withMessage(message));
    }

    @Test
    void optionsChangeOneThingAtATime() {
        OperationOwner owner = OperationOwner.principal("ann");
        ExecuteOptions all = OPTIONS.withOwner(owner)
                .withTimeout(Duration.ofSeconds(1))
                .withMaxLifetime(Duration.ofSeconds(2))
                .withSingleFlightKey("key")
                .withMaxActive(3)
                .withReportsFailure("bad"::equals);

        assertThat(all.owner()).isEqualTo(owner);
        assertThat(all.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(all.maxLifetime()).isEqualTo(Duration.ofSeconds(2));
        assertThat(all.singleFlightKey()).isEqualTo("key");
        assertThat(all.maxActive()).isEqualTo(3);
        assertThat(all.reportsFailure().test("bad")).isTrue();
        assertThat(OPTIONS.reportsFailure().test("bad")).isFalse();
    }

    @Test
    void configurationChangesOneThingAtATime() {
        Limits limits = new Limits(1, 2, 3);

        assertThat(CONFIG.withDefaultTimeout(Duration.ofSeconds(1))
                        .withMaxLifetime(Duration.ofSeconds(2))
                        .withRetentionPeriod(Duration.ofSeconds(3))
                        .withCleanupInterval(Duration.ofSeconds(4))
                        .withMaxWait(Duration.ofSeconds(5))
                        .withInputTimeout(Duration.ofSeconds(6))
                        .withLimits(limits))
                .isEqualTo(new ExecutorConfig(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        limits));
    }

    @Test
    void queryKeepsItsOwnCopyOfTheStatuses() {
        OperationQuery query = OperationQuery.ALL.withStatuses(Set.of(OperationStatus.WORKING));

        assertThat(query.statuses()).containsExactly(OperationStatus.WORKING).isUnmodifiable();
    }

    @Test
    void ownersReachWhatIsTheirs() {
        OperationOwner application = OperationOwner.APPLICATION;
        OperationOwner ann = OperationOwner.principal("ann");
        OperationOwner bob = OperationOwner.principal("bob");
        OperationOwner here = OperationOwner.session("here");
        OperationOwner there = OperationOwner.session("there");
        List<OperationOwner> everybody = List.of(application, ann, bob, here, there);

        assertThat(everybody).filteredOn(caller -> reaches(caller, application)).containsExactly(application);
        assertThat(everybody).filteredOn(caller -> reaches(caller, ann)).containsExactly(ann);
        assertThat(everybody)
                .as("an anonymous caller's id is the key")
                .filteredOn(caller -> reaches(caller, here))
                .containsExactly(here, there);
        assertThat(new OperationOwner(Kind.SESSION, "ann")).isNotEqualTo(ann);
        OperationOwner session = OperationOwner.session("s");
        assertThat(session.from("address")).isEqualTo(session).hasSameHashCodeAs(session);
        assertThat(session.account()).isEqualTo(session);
        assertThat(session.from("address").account())
                .isEqualTo(OperationOwner.session("t").from("address").account())
                .isEqualTo(OperationOwner.anonymous().from("address").account())
                .isNotEqualTo(OperationOwner.session("s").from("elsewhere").account())
                .isNotEqualTo(session);
        assertThat(OperationOwner.anonymous().account())
                .isEqualTo(OperationOwner.anonymous().account());
        assertThat(ann.from("address").account()).isEqualTo(ann);
    }

    private static boolean reaches(OperationOwner caller, OperationOwner owner) {
        return caller.mayAccess(Operation.queued("report", owner, MutableClock.START, null));
    }
}
