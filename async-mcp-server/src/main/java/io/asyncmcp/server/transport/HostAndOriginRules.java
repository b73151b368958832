package io.asyncmcp.server.transport;

import io.modelcontextprotocol.server.transport.DefaultServerTransportSecurityValidator;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityException;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityValidator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Keeps web pages of other sites away from the server, which a browser on its network would let them reach.
 *
 * <p>Without a list of origins, a request with an {@code Origin} is taken if that is the origin of the host and port that the
 * request was sent to; names of this machine are all the same. One without, as other programs than browsers send it, is
 * taken. Without a list of hosts, such a request must have been sent to this machine or to an address: a name of another
 * site's that leads here (DNS rebinding) would pass for its own host. A server that listens on this machine alone takes
 * requests to this machine alone. Thread-safe.
 *
 * @since 0.1.0
 */
public final class HostAndOriginRules implements ServerTransportSecurityValidator {

    private static final String ANY = "*";

    private static final String HOST = "Host";

    private static final String ORIGIN = "Origin";

    private static final int FORBIDDEN = 403;

    private final ServerTransportSecurityValidator hosts;

    private final ServerTransportSecurityValidator origins;

    /**
     * Creates the rules.
     *
     * @param allowedHosts {@code Host} headers to take, such as {@code example.com:*}; {@code *} for any, empty for the
     *     default
     * @param allowedOrigins {@code Origin} headers to take, such as {@code https://example.com}; {@code *} for any, empty
     *     for the default
     * @param listensOnLoopback whether the server can be reached from this machine alone
     */
    public HostAndOriginRules(List<String> allowedHosts, List<String> allowedOrigins, boolean listensOnLoopback) {
        if (!allowedHosts.isEmpty()) {
            this.hosts = allowedHosts.contains(ANY) ? NOOP : listed(allowedHosts, List.of(), HOST);
        } else if (listensOnLoopback) {
            this.hosts = HostAndOriginRules::requireLoopback;
        } else {
            this.hosts = allowedOrigins.isEmpty() ? HostAndOriginRules::requireNoNameOfPages : NOOP;
        }
        if (allowedOrigins.isEmpty()) {
            this.origins = HostAndOriginRules::requireSameOrigin;
        } else {
            this.origins = allowedOrigins.contains(ANY) ? NOOP : listed(List.of(), allowedOrigins, ORIGIN);
        }
    }

    /**
     * The SDK's validator refuses every origin if it is given none, so that it sees one of the headers alone; and it looks at the
     * first value alone, so that it sees one after the other.
     */
    private static ServerTransportSecurityValidator listed(List<String> hosts, List<String> origins, String header) {
        List<String> exactly = lowerCase(hosts.isEmpty() ? origins : hosts);
        ServerTransportSecurityValidator listed = DefaultServerTransportSecurityValidator.builder()
                .allowedHosts(lowerCase(hosts))
                .allowedOrigins(lowerCase(origins))
                .build();
        return headers -> {
            List<String> values = lowerCase(values(headers, header));
            if (values.isEmpty()) {
                listed.validateHeaders(Map.of());
            }
            for (String value : values) {
                // For any port it takes whatever begins as the entry does.
                if (!exactly.contains(value) && !isHostAndPort(value, header)) {
                    throw refused(header);
                }
                listed.validateHeaders(Map.of(header, List.of(value)));
            }
        };
    }

    private static boolean isHostAndPort(String value, String header) {
        return (header.equals(ORIGIN) ? HostAndPort.ofOrigin(value) : HostAndPort.ofHost(value)) != null;
    }

    /** Names of hosts have no case. */
    private static List<String> lowerCase(List<String> values) {
        return values.stream().map(value -> value.toLowerCase(Locale.ROOT)).toList();
    }

    @Override
    public void validateHeaders(Map<String, List<String>> headers) throws ServerTransportSecurityException {
        hosts.validateHeaders(headers);
        origins.validateHeaders(headers);
    }

    /** No browser leaves the header out. */
    private static void requireLoopback(Map<String, List<String>> headers) throws ServerTransportSecurityException {
        for (String value : values(headers, HOST)) {
            HostAndPort host = HostAndPort.ofHost(value);
            if (host == null || !host.isLoopback()) {
                throw refused(HOST);
            }
        }
    }

    private static void requireNoNameOfPages(Map<String, List<String>> headers)
            throws ServerTransportSecurityException {
        if (values(headers, ORIGIN).isEmpty()) {
            return;
        }
        for (String value : values(headers, HOST)) {
            HostAndPort host = HostAndPort.ofHost(value);
            if (host == null || !host.isLoopback() && !host.isAddress()) {
                throw refused(HOST);
            }
        }
    }

    private static void requireSameOrigin(Map<String, List<String>> headers) throws ServerTransportSecurityException {
        List<String> hosts = values(headers, HOST);
        for (String origin : values(headers, ORIGIN)) {
            if (hosts.isEmpty() || !hosts.stream().allMatch(host -> isOriginOf(origin, host))) {
                throw refused(ORIGIN);
            }
        }
    }

    private static boolean isOriginOf(String origin, String host) {
        HostAndPort from = HostAndPort.ofOrigin(origin);
        HostAndPort to = HostAndPort.ofHost(host);
        if (from == null || to == null) {
            return false;
        }
        // A Host without a port is that of a scheme's own port: whether it is TLS, a proxy in between may know alone.
        boolean samePort = from.port() == (to.port() == HostAndPort.NONE ? from.defaultPort() : to.port());
        return samePort && (from.name().equals(to.name()) || from.isLoopback() && to.isLoopback());
    }

    private static ServerTransportSecurityException refused(String header) {
        return new ServerTransportSecurityException(FORBIDDEN, "The " + header + " header is not allowed.");
    }

    private static List<String> values(Map<String, List<String>> headers, String name) {
        return headers.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .flatMap(entry -> entry.getValue().stream())
                .filter(value -> value != null && !value.isBlank())
                .toList();
    }
}
