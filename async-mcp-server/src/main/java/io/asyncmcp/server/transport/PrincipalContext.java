package io.asyncmcp.server.transport;

import io.asyncmcp.OperationOwner;
import io.asyncmcp.server.OperationOwnerResolver;
import io.modelcontextprotocol.common.McpTransportContext;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Principal;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Puts the authenticated principal into the transport context, where Spring AI's transports leave it out.
 *
 * @since 0.1.0
 */
public final class PrincipalContext {

    private static final String PENDING_KEY = PrincipalContext.class.getName();

    private static final boolean SPRING_SECURITY = ClassUtils.isPresent(
            "org.springframework.security.authentication.AnonymousAuthenticationToken",
            PrincipalContext.class.getClassLoader());

    private static final int NETWORK_BYTES = 8;

    /** With the name of an interface. What a proxy tells may be anything. */
    private static final int LONGEST_ADDRESS = 64;

    private PrincipalContext() {}

    /**
     * Adds where a request comes from to the entries of its context.
     *
     * @param entries what the context says of the caller
     * @param address the address, or {@code null} if it is not known
     * @return all entries, in a map that can be changed
     */
    public static Map<String, Object> from(@Nullable String address, Map<String, Object> entries) {
        Map<String, Object> all = new HashMap<>(entries);
        if (address != null) {
            all.put(OperationOwnerResolver.ADDRESS_KEY, network(address));
        }
        return all;
    }

    /**
     * Makes the context of a request whose caller is known at once.
     *
     * @param principal the caller, or {@code null} if it is anonymous
     * @return the entries of the context
     */
    public static Map<String, Object> of(@Nullable Principal principal) {
        if (principal == null || isAnonymous(principal)) {
            return Map.of(OperationOwnerResolver.PRINCIPAL_KEY, Optional.empty());
        }
        // Somebody without a name is nobody we can tell from others: saying nothing makes the resolver refuse.
        return StringUtils.hasText(principal.getName())
                ? Map.of(OperationOwnerResolver.PRINCIPAL_KEY, Optional.of(principal.getName()))
                : Map.of();
    }

    /**
     * Makes the context of a reactive request, whose caller is only known within the reactive chain.
     *
     * @param principal the caller, empty if it is anonymous
     * @return the entries of the context
     */
    public static Map<String, Object> of(Mono<? extends Principal> principal) {
        return Map.of(PENDING_KEY, principal);
    }

    /** Returns a context that says who the caller is, if the transport can tell. */
    private static Mono<McpTransportContext> resolve(McpTransportContext context) {
        if (!(context.get(PENDING_KEY) instanceof Mono<?> pending)) {
            return Mono.just(context);
        }
        return pending.map(principal -> of(principal instanceof Principal known ? known : null))
                .defaultIfEmpty(of((Principal) null))
                .map(entries -> new LayeredTransportContext(context, entries));
    }

    /**
     * A request whose caller is known, and whose security context is.
     *
     * @param context the transport context of the request
     * @param view the context of its reactive chain
     */
    public record KnownCaller(McpTransportContext context, ContextView view) {}

    /**
     * Finds out who calls, also where a reactive chain has only promises of the caller and of its security context.
     *
     * @param given the transport context of a request, by the context of its chain
     * @return the caller; on WebMVC without delay
     */
    public static Mono<KnownCaller> known(Function<ContextView, McpTransportContext> given) {
        return Mono.deferContextual(view -> {
            McpTransportContext context = given.apply(view);
            return ReactiveSecurity.isPending(view) || context.get(PENDING_KEY) != null
                    ? ReactiveSecurity.resolve(view)
                            .flatMap(secured -> resolve(context).map(known -> new KnownCaller(known, secured)))
                    : Mono.just(new KnownCaller(context, view));
        });
    }

    /**
     * Names a caller, to tell what one of them sends from what others send.
     *
     * @param principal the caller, or {@code null} if it is anonymous
     * @param address where it calls from, or {@code null} if that is not known
     * @return the same text for the same caller; of strangers for the same address
     */
    public static String callerOf(@Nullable Principal principal, @Nullable String address) {
        return principal == null || isAnonymous(principal) || !StringUtils.hasText(principal.getName())
                ? "address " + (address == null ? null : network(address))
                : "principal " + principal.getName();
    }

    /**
     * Names a caller, to tell what one of them has from what others have.
     *
     * @param context a context that says who the caller is
     * @return the same text for the same caller; of strangers for the same address
     */
    public static String callerOf(McpTransportContext context) {
        return callerOf(caller(context));
    }

    /**
     * Names a caller, to tell what one of them has from what others have.
     *
     * @param caller on whose behalf it acts
     * @return the same text for the same caller
     */
    public static String callerOf(OperationOwner caller) {
        return caller.kind() + " " + caller.account().name();
    }

    /** Returns who calls, as far as shares of what there is go: a name, or an address. */
    static OperationOwner caller(McpTransportContext context) {
        if (context.get(OperationOwnerResolver.PRINCIPAL_KEY) instanceof Optional<?> known && known.isPresent()) {
            return OperationOwner.principal(known.get().toString());
        }
        return OperationOwner.anonymous()
                .from(context.get(OperationOwnerResolver.ADDRESS_KEY) instanceof String address ? address : null);
    }

    /** A caller that has one address of protocol version 6 has the 2^64 of its network. */
    private static String network(String address) {
        if (address.indexOf(':') < 0 || address.length() > LONGEST_ADDRESS) {
            return address.substring(0, Math.min(LONGEST_ADDRESS, address.length()));
        }
        try {
            // In brackets it is a literal: no name is looked up.
            InetAddress parsed = InetAddress.getByName(address.startsWith("[") ? address : "[" + address + "]");
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(parsed.getAddress(), 0, NETWORK_BYTES)
                    : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return address;
        }
    }

    /** Spring Security can give all strangers one principal, who must not become one owner. */
    private static boolean isAnonymous(Principal principal) {
        return SPRING_SECURITY && principal instanceof AnonymousAuthenticationToken;
    }
}
