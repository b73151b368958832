package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.server.PrincipalOwnerResolver;
import io.modelcontextprotocol.common.McpTransportContext;
import java.security.Principal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionOwnersTests {

    private static final McpTransportContext ALICE = caller(() -> "alice");

    private static final McpTransportContext BOB = caller(() -> "bob");

    private static final McpTransportContext NOBODY = caller(null);

    /** The transport has not said who calls, where it should have. */
    private static final McpTransportContext UNKNOWN = McpTransportContext.EMPTY;

    private final SessionOwners owners = new SessionOwners(new PrincipalOwnerResolver(true));

    private final Object session = new Object();

    private static McpTransportContext caller(@Nullable Principal principal) {
        return McpTransportContext.create(PrincipalContext.of(principal));
    }

    @Test
    void sessionBelongsToThePrincipalThatHasOpenedIt() {
        owners.opened("s", session);
        owners.openedBy("s", ALICE);
        assertThat(owners.isForeign("s", ALICE)).isFalse();
        assertThat(owners.isForeign("s", BOB)).isTrue();
        assertThat(owners.isForeign("s", NOBODY)).isTrue();
        assertThat(owners.isForeign("s", UNKNOWN)).isTrue();
    }

    @Test
    void anonymousSessionBelongsToWhoeverHasItsId() {
        owners.opened("s", session);
        owners.openedBy("s", NOBODY);
        owners.openedBy("s", ALICE);
        assertThat(owners.isForeign("s", NOBODY)).isFalse();
        assertThat(owners.isForeign("s", ALICE)).isFalse();
        assertThat(owners.isForeign("s", BOB)).isFalse();
        assertThat(owners.size()).isZero();
    }

    @Test
    void sessionThatHasEndedIsForgotten() {
        owners.opened("s", session);
        owners.openedBy("s", ALICE);
        owners.ended("s");
        assertThat(owners.size()).isZero();
        assertThat(owners.isForeign("s", BOB)).as("there is no such session").isFalse();
    }

    @Test
    void firstWordCounts() {
        owners.opened("s", session);
        assertThat(owners.isForeign("s", BOB)).isFalse();
        owners.openedBy("s", ALICE);
        owners.openedBy("s", BOB);
        owners.openedBy("s", NOBODY);
        assertThat(owners.isForeign("s", ALICE)).isFalse();
        assertThat(owners.isForeign("s", BOB)).isTrue();
    }

    @Test
    void sessionThatTheTransportHasForgottenLeavesNothing() {
        owners.openedBy("s", ALICE);
        assertThat(owners.isForeign("s", BOB)).isFalse();
        owners.opened("forgotten", new Object());
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            System.gc();
            owners.opened("s", session);
            assertThat(owners.size()).isEqualTo(1);
        });
    }
}
