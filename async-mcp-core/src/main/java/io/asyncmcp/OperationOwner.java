package io.asyncmcp;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf an operation runs.
 *
 * <p>A principal reaches its own operations and no others. Anonymous callers reach an operation by its id alone, which
 * is why ids carry 130 random bits; their session only separates what they list, limit and join. Application
 * operations are out of reach of every MCP client.
 *
 * @param kind what the name names
 * @param name the principal's name or the session's id; empty for the application
 * @param address where an anonymous caller calls from, if that is known. It does not tell owners apart
 * @since 0.1.0
 */
public record OperationOwner(
        Kind kind, String name, @Nullable String address) {

    /** What an owner's name names. */
    public enum Kind {
        /** The application itself, through an injected {@link AsyncExecutor}. */
        APPLICATION,
        /** An authenticated principal. */
        PRINCIPAL,
        /** An anonymous caller, told apart by session. */
        SESSION,
        /** An anonymous caller without a session, whose every request counts as a caller of its own. */
        ANONYMOUS
    }

    /** The owner of operations that the application starts for itself. */
    public static final OperationOwner APPLICATION = new OperationOwner(Kind.APPLICATION, "");

    private static final OperationOwner ALL_ANONYMOUS = new OperationOwner(Kind.ANONYMOUS, "all");

    public OperationOwner {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        if (kind != Kind.APPLICATION && name.isBlank()) {
            throw new IllegalArgumentException("owner name must not be blank for kind " + kind);
        }
    }

    /**
     * Names an owner whose address is not known.
     *
     * @param kind what the name names
     * @param name the principal's name or the session's id; empty for the application
     */
    public OperationOwner(Kind kind, String name) {
        this(kind, name, null);
    }

    /**
     * Names an authenticated caller.
     *
     * @param name the principal's name
     * @return the owner
     */
    public static OperationOwner principal(String name) {
        return new OperationOwner(Kind.PRINCIPAL, name);
    }

    /**
     * Names an anonymous caller.
     *
     * @param sessionId the id of the caller's session
     * @return the owner
     */
    public static OperationOwner session(String sessionId) {
        return new OperationOwner(Kind.SESSION, sessionId);
    }

    /**
     * Names an anonymous caller that nothing ties to another request.
     *
     * @return an owner like no other
     */
    public static OperationOwner anonymous() {
        return new OperationOwner(Kind.ANONYMOUS, OperationIds.next());
    }

    /**
     * Returns the same owner, calling from a known address.
     *
     * @param newAddress the address, or {@code null} if it is not known
     * @return the owner, which is equal to this one
     */
    public OperationOwner from(@Nullable String newAddress) {
        return new OperationOwner(kind, name, newAddress);
    }

    /**
     * Returns who answers for what this owner takes up of a limit that has shares. Anonymous callers can have as many sessions
     * as they like, but not as many addresses.
     *
     * @return the owner itself; for anonymous callers one that stands for all from the same address or, if that is not known, for
     *     all without a session
     */
    public OperationOwner account() {
        if (kind == Kind.APPLICATION || kind == Kind.PRINCIPAL) {
            return this;
        }
        if (address != null) {
            return new OperationOwner(Kind.ANONYMOUS, "address " + address);
        }
        return kind == Kind.ANONYMOUS ? ALL_ANONYMOUS : this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OperationOwner owner && kind == owner.kind && name.equals(owner.name);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, name);
    }

    /**
     * Tells whether this caller may see and steer an operation whose id it knows.
     *
     * @param operation the operation
     * @return {@code true} if it may
     */
    public boolean mayAccess(Operation operation) {
        return switch (operation.owner().kind()) {
            case APPLICATION -> kind == Kind.APPLICATION;
            case PRINCIPAL -> equals(operation.owner());
            case SESSION, ANONYMOUS -> kind == Kind.SESSION || kind == Kind.ANONYMOUS;
        };
    }
}
