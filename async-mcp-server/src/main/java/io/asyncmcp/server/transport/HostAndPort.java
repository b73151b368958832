package io.asyncmcp.server.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code Host} or an {@code Origin} header names, read in one pass and without asking anybody.
 *
 * @param name the host in lower case, without brackets and a dot at the end
 * @param port the port; {@link #NONE} if a {@code Host} names none, the scheme's own if an {@code Origin} names none
 * @param defaultPort the port of the origin's scheme, {@link #NONE} for a {@code Host}
 * @param isAddress whether the host is an address and not a name
 */
record HostAndPort(String name, int port, int defaultPort, boolean isAddress) {

    static final int NONE = -1;

    /** A name has 253 characters at most. */
    private static final int MAX_LENGTH = 300;

    private static final int MAX_PORT = 65_535;

    /** Reads a {@code Host} header; {@code null} if it is none. */
    static @Nullable HostAndPort ofHost(String header) {
        return header.length() > MAX_LENGTH ? null : read(header.strip(), NONE);
    }

    /** Reads an {@code Origin} header; {@code null} if it is that of no page on the web, as the {@code null} of a sandbox. */
    static @Nullable HostAndPort ofOrigin(String header) {
        if (header.length() > MAX_LENGTH) {
            return null;
        }
        String origin = header.strip().toLowerCase(Locale.ROOT);
        if (origin.startsWith("http://")) {
            return read(origin.substring("http://".length()), 80);
        }
        return origin.startsWith("https://") ? read(origin.substring("https://".length()), 443) : null;
    }

    private static @Nullable HostAndPort read(String text, int defaultPort) {
        boolean bracketed = text.startsWith("[");
        int end = bracketed ? text.indexOf(']') + 1 : text.indexOf(':');
        if (bracketed && end == 0) {
            return null;
        }
        String host = end < 0 ? text : text.substring(0, end);
        String rest = end < 0 ? "" : text.substring(end);
        int port = rest.isEmpty() ? defaultPort : port(rest);
        if (port == NONE && !rest.isEmpty()) {
            return null;
        }
        if (bracketed) {
            String address = host.substring(1, host.length() - 1).toLowerCase(Locale.ROOT);
            return consistsOf(address, "0123456789abcdef:.") && address.indexOf(':') >= 0
                    ? new HostAndPort(address, port, defaultPort, true)
                    : null;
        }
        String name = (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
        return !name.isEmpty() && consistsOf(name, "abcdefghijklmnopqrstuvwxyz0123456789-.")
                ? new HostAndPort(name, port, defaultPort, isIpV4(name))
                : null;
    }

    /** The number behind a colon, or {@link #NONE}. */
    private static int port(String text) {
        if (text.length() < 2
                || text.length() > 6
                || text.charAt(0) != ':'
                || !consistsOf(text.substring(1), "0123456789")) {
            return NONE;
        }
        int port = Integer.parseInt(text.substring(1));
        return port <= MAX_PORT ? port : NONE;
    }

    private static boolean consistsOf(String text, String characters) {
        return text.chars().allMatch(c -> characters.indexOf(c) >= 0);
    }

    private static boolean isIpV4(String name) {
        String[] parts = name.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (part.isEmpty()
                    || part.length() > 3
                    || !consistsOf(part, "0123456789")
                    || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    boolean isLoopback() {
        if (!isAddress) {
            return name.equals("localhost") || name.endsWith(".localhost");
        }
        try {
            // An address in brackets is read, and never looked up.
            return InetAddress.getByName(name.indexOf(':') >= 0 ? "[" + name + "]" : name)
                    .isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
