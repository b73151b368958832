package io.asyncmcp.server.transport;

import io.modelcontextprotocol.server.transport.DefaultServerTransportSecurityValidator;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityException;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityValidator;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other sites away from the server, which a browser on its network would let them reach.
 *
 * <p>Without a list of origins, a request with an {@code Origin} is taken if that is of the host the request was sent to, or
 * if both are this machine; one without, as other programs than browsers send it, is taken. Without a list of hosts, a server
 * that listens on this machine alone takes requests to this machine alone: a name of another site's that leads here
 * (DNS rebinding) would pass for its own host. Thread-safe.
 *
 * @since 0.1.0
 */
public final class HostAndOriginRules implements ServerTransportSecurityValidator {

    private static final String ANY = "*";

    private static final int FORBIDDEN = 403;

    private static final Pattern LOOPBACK = Pattern.compile(
            "localhost|.+\\.localhost|127(\\.\\d{1,3}){3}|::1|(0{1,4}:){7}0{0,3}1|::ffff:127(\\.\\d{1,3}){3}");

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
        if (allowedHosts.isEmpty()) {
            this.hosts = listensOnLoopback ? HostAndOriginRules::requireLoopback : NOOP;
        } else {
            this.hosts = allowedHosts.contains(ANY) ? NOOP : listed(allowedHosts, List.of(), "host");
        }
        if (allowedOrigins.isEmpty()) {
            this.origins = HostAndOriginRules::requireSameHost;
        } else {
            this.origins = allowedOrigins.contains(ANY) ? NOOP : listed(List.of(), allowedOrigins, "origin");
        }
    }

    /** The SDK's validator refuses every origin if it is given none, so that it sees one of the headers alone. */
    private static ServerTransportSecurityValidator listed(List<String> hosts, List<String> origins, String header) {
        ServerTransportSecurityValidator listed = DefaultServerTransportSecurityValidator.builder()
                .allowedHosts(hosts)
                .allowedOrigins(origins)
                .build();
        return headers -> listed.validateHeaders(headers.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(header))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    @Override
    public void validateHeaders(Map<String, List<String>> headers) throws ServerTransportSecurityException {
        hosts.validateHeaders(headers);
        origins.validateHeaders(headers);
    }

    /** No browser leaves the header out. */
    private static void requireLoopback(Map<String, List<String>> headers) throws ServerTransportSecurityException {
        for (String host : values(headers, "Host")) {
            if (!isLoopback(hostOf("//" + host))) {
                throw new ServerTransportSecurityException(FORBIDDEN, "The Host header is not allowed.");
            }
        }
    }

    private static void requireSameHost(Map<String, List<String>> headers) throws ServerTransportSecurityException {
        for (String origin : values(headers, "Origin")) {
            String from = hostOf(origin);
            if (from == null || values(headers, "Host").stream().noneMatch(host -> isSame(from, hostOf("//" + host)))) {
                throw new ServerTransportSecurityException(FORBIDDEN, "The Origin header is not allowed.");
            }
        }
    }

    private static boolean isSame(String from, @Nullable String to) {
        return from.equals(to) || isLoopback(from) && isLoopback(to);
    }

    private static boolean isLoopback(@Nullable String host) {
        return host != null && LOOPBACK.matcher(host).matches();
    }

    private static List<String> values(Map<String, List<String>> headers, String name) {
        return headers.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .flatMap(entry -> entry.getValue().stream())
                .filter(value -> value != null && !value.isBlank())
                .toList();
    }

    /** Returns the host of an address, or {@code null} if it has none, as the origin {@code null} of a sandbox. */
    private static @Nullable String hostOf(String address) {
        try {
            String host = URI.create(address.strip()).getHost();
            return host == null
                    ? null
                    : host.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "").replaceAll("\\.$", "");
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
