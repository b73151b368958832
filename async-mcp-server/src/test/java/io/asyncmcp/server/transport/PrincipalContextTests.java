package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncmcp.OperationOwner;
import io.asyncmcp.server.PrincipalOwnerResolver;
import io.modelcontextprotocol.common.McpTransportContext;
import java.security.Principal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import reactor.core.publisher.Mono;

class PrincipalContextTests {

    private final PrincipalOwnerResolver resolver = new PrincipalOwnerResolver(true);

    @Test
    void principalOwnsItsOperations() {
        assertThat(owner(PrincipalContext.of(() -> "ann"))).isEqualTo(OperationOwner.principal("ann"));
    }

    @Test
    void nobodyIsKnownByTheSession() {
        assertThat(owner(PrincipalContext.of((Principal) null))).isEqualTo(OperationOwner.session("s1"));
    }

    @Test
    void nobodyAnswersForTheirSharesByTheAddress() {
        OperationOwner owner = owner(PrincipalContext.from("192.0.2.1", PrincipalContext.of((Principal) null)));

        assertThat(owner).isEqualTo(OperationOwner.session("s1"));
        assertThat(owner.account())
                .isEqualTo(OperationOwner.anonymous().from("192.0.2.1").account());
        assertThat(owner(PrincipalContext.from("192.0.2.1", PrincipalContext.of(() -> "ann")))
                        .account())
                .isEqualTo(OperationOwner.principal("ann"));
    }

    @Test
    void addressesOfOneNetworkAreOneCaller() {
        assertThat(PrincipalContext.callerOf(null, "2001:db8:1:2::1"))
                .isEqualTo(PrincipalContext.callerOf(null, "2001:db8:1:2:ffff::9%eth0"))
                .isNotEqualTo(PrincipalContext.callerOf(null, "2001:db8:1:3::1"));
        assertThat(PrincipalContext.callerOf(null, "::ffff:192.0.2.1"))
                .isEqualTo(PrincipalContext.callerOf(null, "192.0.2.1"))
                .isNotEqualTo(PrincipalContext.callerOf(null, "192.0.2.2"));
        assertThat(PrincipalContext.callerOf(null, "no:address")).isEqualTo("address no:address");
    }

    @Test
    void springSecuritysAnonymousPrincipalIsNobody() {
        Principal anonymous = new AnonymousAuthenticationToken(
                "key", "anonymousUser", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));
        assertThat(owner(PrincipalContext.of(anonymous))).isEqualTo(OperationOwner.session("s1"));
    }

    @Test
    void principalWithoutANameIsRefusedAndNotTakenForAnonymous() {
        for (Principal nameless : new Principal[] {() -> null, () -> " "}) {
            assertThatExceptionOfType(SecurityException.class).isThrownBy(() -> owner(PrincipalContext.of(nameless)));
            assertThatExceptionOfType(SecurityException.class)
                    .isThrownBy(() -> owner(PrincipalContext.of(Mono.just(nameless))));
        }
    }

    @Test
    void principalOfAReactiveChainIsWaitedFor() {
        assertThat(owner(PrincipalContext.of(Mono.just((Principal) () -> "ben"))))
                .isEqualTo(OperationOwner.principal("ben"));
        assertThat(owner(PrincipalContext.of(Mono.empty()))).isEqualTo(OperationOwner.session("s1"));
    }

    private OperationOwner owner(Map<String, Object> entries) {
        return PrincipalContext.known(view -> McpTransportContext.create(entries))
                .map(caller -> resolver.resolve(caller.context(), "s1"))
                .block();
    }

    /** A proxy passes on what a client has written. */
    @Test
    void whatIsNoAddressIsTakenAsItIs() {
        assertThat(PrincipalContext.callerOf(null, "g:1.name.invalid")).isEqualTo("address g:1.name.invalid");
        assertThat(PrincipalContext.callerOf(null, "[2001:db8:1:2::1]"))
                .isEqualTo(PrincipalContext.callerOf(null, "2001:db8:1:2::1"));
        assertThat(PrincipalContext.callerOf(null, "x".repeat(7_000))).hasSize("address ".length() + 64);
        assertThat(PrincipalContext.callerOf(null, "1:".repeat(7_000))).hasSize("address ".length() + 64);
    }
}
