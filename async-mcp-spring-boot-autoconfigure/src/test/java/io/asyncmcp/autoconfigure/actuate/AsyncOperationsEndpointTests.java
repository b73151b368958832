package io.asyncmcp.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.isNull;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.OperationStatus;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

class AsyncOperationsEndpointTests {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Operation RUNNING = new Operation(
            OperationIds.next(),
            "report",
            OperationOwner.APPLICATION,
            OperationStatus.WORKING,
            START,
            START,
            null,
            null,
            null,
            List.of(),
            null,
            false,
            null);

    private static final String HASH = OperationIds.hash(RUNNING.requireId());

    private final AsyncExecutor executor = mock(AsyncExecutor.class);

    private final AsyncOperationsEndpoint endpoint =
            new AsyncOperationsEndpoint(executor, Clock.fixed(START.plusSeconds(90), ZoneOffset.UTC));

    @Test
    void runningOperationShowsTheTimeUntilNow() {
        when(executor.operations(any())).thenReturn(List.of(RUNNING));
        assertThat(endpoint.operation(HASH).elapsed()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void listStopsAtAHundredUnlessAskedForMore() {
        when(executor.operations(OperationQuery.ALL.withLimit(100))).thenReturn(List.of(RUNNING));
        assertThat(endpoint.operations(null, null, null).operations()).hasSize(1);
    }

    @Test
    void hashOfSeveralOperationsIsRefusedInsteadOfGuessed() {
        when(executor.operations(any())).thenReturn(List.of(RUNNING, RUNNING));
        assertThatExceptionOfType(InvalidEndpointRequestException.class).isThrownBy(() -> endpoint.cancel(HASH));
    }

    @Test
    void ownersAreToldApartByHashesThatNobodyElseCanMake() {
        OwnerHashes hashes = new OwnerHashes(new SecureRandom());
        OperationOwner alice = OperationOwner.principal("alice");
        assertThat(hashes.of(alice))
                .matches("[0-9a-f]{8}")
                .isEqualTo(hashes.of(OperationOwner.principal("alice")))
                .isNotEqualTo(hashes.of(OperationOwner.principal("bob")))
                .isNotEqualTo(hashes.of(OperationOwner.session("alice")))
                .isNotEqualTo(OperationIds.hash("alice"))
                .isNotEqualTo(new OwnerHashes(new SecureRandom()).of(alice));
        assertThat(hashes.of(OperationOwner.APPLICATION)).isNull();
    }

    @Test
    void operationThatExpiresMeanwhileIsNotFound() {
        when(executor.operations(any())).thenReturn(List.of(RUNNING));
        when(executor.cancel(anyString(), isNull())).thenThrow(new OperationNotFoundException());
        assertThat(endpoint.cancel(HASH)).isNull();
    }
}
