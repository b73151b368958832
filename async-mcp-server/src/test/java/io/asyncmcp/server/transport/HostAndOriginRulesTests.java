package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.modelcontextprotocol.server.transport.ServerTransportSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndOriginRulesTests {

    private static final HostAndOriginRules DEFAULT = new HostAndOriginRules(List.of(), List.of(), false);

    private static final HostAndOriginRules ON_LOOPBACK = new HostAndOriginRules(List.of(), List.of(), true);

    private static Map<String, List<String>> headers(String host, String origin) {
        Map<String, List<String>> headers = new TreeMap<>(Map.of("accept", List.of("application/json")));
        if (host != null) {
            headers.put("host", List.of(host));
        }
        if (origin != null) {
            headers.put("origin", List.of(origin));
        }
        return headers;
    }

    private static void assertTaken(HostAndOriginRules rules, String host, String origin) {
        assertThatCode(() -> rules.validateHeaders(headers(host, origin))).doesNotThrowAnyException();
    }

    private static ServerTransportSecurityException refusal(HostAndOriginRules rules, String host, String origin) {
        return catchThrowableOfType(
                ServerTransportSecurityException.class, () -> rules.validateHeaders(headers(host, origin)));
    }

    private static void assertRefused(HostAndOriginRules rules, String host, String origin) {
        assertThat(refusal(rules, host, origin)).as("%s from %s", host, origin).isNotNull();
    }

    @Test
    void requestsThatAreNoBrowsersAreTaken() {
        assertTaken(DEFAULT, "mcp.example.com", null);
        assertTaken(DEFAULT, "10.0.0.7:8080", null);
        assertTaken(DEFAULT, null, null);
        assertTaken(DEFAULT, "mcp.example.com", " ");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, https://10.0.0.7",
        "10.0.0.7, http://10.0.0.7",
        "10.0.0.7:443, https://10.0.0.7",
        "10.0.0.7:8080, HTTP://10.0.0.7:8080",
        "[2001:DB8::1]:8080, http://[2001:db8::1]:8080",
        "LOCALHOST:8080, http://localhost:8080",
        "localhost.:8080, http://127.0.0.1:8080",
        "127.0.0.1:8080, http://[::1]:8080",
        "localhost:8080, http://app.localhost:8080",
        "app.localhost, https://app.localhost",
    })
    void pagesOfTheSameOriginAreTakenFromAddressesAndFromThisMachine(String host, String origin) {
        assertTaken(DEFAULT, host, origin);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, https://evil.example",
        "10.0.0.7, https://10.0.0.7.evil.example",
        "10.0.0.7, https://evil.example/10.0.0.7",
        "10.0.0.7, https://10.0.0.7@evil.example",
        "10.0.0.7, http://10.0.0.7:8080",
        "10.0.0.7:443, http://10.0.0.7",
        "10.0.0.7:8080, http://10.0.0.7",
        "10.0.0.7, ftp://10.0.0.7",
        "10.0.0.7, null",
        "10.0.0.7, 10.0.0.7",
        "10.0.0.7, http://localhost",
        "localhost:8080, http://localhost:6274",
        "localhost:8080, http://localhost:080x",
        "localhost:8080, http://localhost:99999999999",
        "localhost:8080, http://[localhost]:8080",
        "localhost:8080, http://[::1:8080",
        "localhost:8080, https://evil.example",
        "localhost:8080, http://localhost.evil.example",
        "localhost:8080, http://127.0.0.1.evil.example",
        "localhost:8080, http://evil_host.example",
        "localhost:8080, chrome-extension:abc",
        ", http://localhost",
    })
    void pagesOfOtherHostsAreRefused(String host, String origin) {
        ServerTransportSecurityException refusal = refusal(DEFAULT, host, origin);
        assertThat(refusal.getStatusCode()).isEqualTo(403);
        assertThat(refusal).hasMessage("The Origin header is not allowed.");
    }

    /** Its name may be another site's, which leads here. */
    @ParameterizedTest
    @CsvSource({
        "evil.example, http://evil.example",
        "evil.example:8080, http://evil.example:8080",
        "mcp, http://mcp",
        "localhost.evil.example, http://localhost.evil.example",
        "127.0.0.1.evil.example, http://127.0.0.1.evil.example",
        "10.0.0.256, http://10.0.0.256",
        "1.2.3, http://1.2.3",
        "::1, http://[::1]",
        "[evil], http://[evil]",
    })
    void pageIsRefusedThatHasReachedTheServerByAName(String host, String origin) {
        assertThat(refusal(DEFAULT, host, origin)).hasMessage("The Host header is not allowed.");
        assertTaken(DEFAULT, host, null);
    }

    /** Minutes for patterns that look at it again from every start; and no name is as long. */
    @Test
    void longHeadersAreRefusedUnread() {
        for (String part : new String[] {"a", ".", "[", "]", ":", "0", ".localhost", "127.0.0.1"}) {
            String name = part.repeat(1_000_000) + "localhost";
            assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
                assertRefused(DEFAULT, name, "http://" + name);
                assertRefused(ON_LOOPBACK, name, null);
                assertRefused(DEFAULT, "localhost", "http://" + name);
            });
        }
    }

    @Test
    void everyOriginHasToFit() {
        Map<String, List<String>> headers =
                Map.of("Host", List.of("localhost"), "Origin", List.of("http://localhost", "http://evil.example"));
        assertThat(catchThrowableOfType(ServerTransportSecurityException.class, () -> DEFAULT.validateHeaders(headers)))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8080",
                "127.0.0.1:8080",
                "127.1.2.3",
                "[::1]:8080",
                "[::ffff:127.0.0.1]",
                "[0:0:0:0:0:0:0:1]"
            })
    void serverOnThisMachineAloneIsReachedByItsNames(String host) {
        assertTaken(ON_LOOPBACK, host, null);
    }

    @Test
    void nameThatOnlyLeadsToThisMachineIsRefused() {
        ServerTransportSecurityException refusal =
                refusal(ON_LOOPBACK, "evil.example:8080", "http://evil.example:8080");
        assertThat(refusal.getStatusCode()).isEqualTo(403);
        assertThat(refusal).hasMessage("The Host header is not allowed.");
        assertRefused(ON_LOOPBACK, "evil.example", null);
        assertTaken(DEFAULT, "evil.example", null);
    }

    @Test
    void listsTakeThePlaceOfTheirDefaults() {
        HostAndOriginRules hosts = new HostAndOriginRules(List.of("mcp.example.com:*"), List.of(), true);
        assertTaken(hosts, "mcp.example.com:8080", null);
        assertTaken(hosts, "MCP.Example.com:8080", null);
        assertTaken(hosts, "mcp.example.com", "https://mcp.example.com");
        assertTaken(hosts, "mcp.example.com:8443", "https://mcp.example.com:8443");
        assertRefused(hosts, "mcp.example.com", "https://mcp.example.com:3000");
        assertRefused(hosts, "localhost", null);
        assertRefused(hosts, "mcp.example.com", "https://evil.example");

        HostAndOriginRules origins = new HostAndOriginRules(List.of(), List.of("https://app.example.com"), false);
        assertTaken(origins, "mcp.example.com", "https://app.example.com");
        assertRefused(origins, "mcp.example.com", "http://app.example.com");
        assertRefused(origins, "mcp.example.com", "https://app.example.com:8443");
        assertRefused(origins, "evil.example", "http://evil.example");
        assertTaken(origins, "mcp.example.com", null);
        assertRefused(origins, "mcp.example.com", "https://mcp.example.com");
    }

    /** The SDK compares how the two begin. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8080.evil.example",
                "http://localhost:80@evil.example",
                "http://localhost:evil.example",
                "http://localhost:99999999"
            })
    void anyPortIsAPort(String origin) {
        HostAndOriginRules rules =
                new HostAndOriginRules(List.of("localhost:*"), List.of("http://localhost:*", "app://notes"), false);
        assertTaken(rules, "localhost:8080", "http://localhost:3000");
        assertTaken(rules, "localhost:8080", "app://notes");
        assertRefused(rules, "localhost:8080", origin);
        assertRefused(rules, origin.substring("http://".length()), null);
    }

    @Test
    void starMeansAny() {
        HostAndOriginRules any = new HostAndOriginRules(List.of("*"), List.of("*"), true);
        assertTaken(any, "evil.example", "https://worse.example");
        assertTaken(any, null, "null");
    }
}
