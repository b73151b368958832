package io.asyncmcp.server.transport;

import io.asyncmcp.OperationOwner;
import io.asyncmcp.server.OperationOwnerResolver;
import io.modelcontextprotocol.common.McpTransportContext;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whose a session is: it belongs to the principal that opened it. One that was opened anonymously belongs to every caller that has its
 * id, also after that client has logged in.
 *
 * <p>It knows a session of a principal for as long as the transport does, which says nothing when it forgets one: what is left of
 * those that were collected goes when the next session opens. Thread-safe.
 *
 * @since 0.1.0
 */
public final class SessionOwners {

    /** What a foreign session is answered with: the same as one that is not there. */
    public static final String NOT_FOUND = "Session not found";

    private static final OperationOwner HOLDER = OperationOwner.session("holder of its id");

    private final OperationOwnerResolver resolver;

    private final ConcurrentMap<String, Known> sessions = new ConcurrentHashMap<>();

    private final ReferenceQueue<Object> forgotten = new ReferenceQueue<>();

    /**
     * Creates it, without sessions.
     *
     * @param resolver says who a caller is
     */
    public SessionOwners(OperationOwnerResolver resolver) {
        this.resolver = resolver;
    }

    /** A session that the transport knows. */
    private static final class Known extends WeakReference<Object> {

        final String id;

        /** Set once. */
        final AtomicReference<@Nullable OperationOwner> owner = new AtomicReference<>();

        Known(String id, Object session, ReferenceQueue<Object> queue) {
            super(session, queue);
            this.id = id;
        }
    }

    void opened(String sessionId, Object session) {
        for (Object gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
            if (gone instanceof Known known) {
                sessions.remove(known.id, known);
            }
        }
        sessions.put(sessionId, new Known(sessionId, session, forgotten));
    }

    int size() {
        return sessions.size();
    }

    /**
     * Says who has opened a session. The first word counts.
     *
     * @param sessionId the session
     * @param context who calls, as in the context of the transports
     */
    public void openedBy(String sessionId, McpTransportContext context) {
        Known session = sessions.get(sessionId);
        if (session != null && session.owner.get() == null) {
            OperationOwner caller = principal(sessionId, context);
            if (session.owner.compareAndSet(null, caller == null ? HOLDER : caller) && caller == null) {
                // Nobody is kept out of it, whatever is said later.
                sessions.remove(sessionId, session);
            }
        }
    }

    /** Forgets a session, which has ended. */
    public void ended(String sessionId) {
        sessions.remove(sessionId);
    }

    /**
     * Tells whether a session is somebody else's.
     *
     * @param sessionId the session
     * @param context who calls, as in the context of the transports
     * @return {@code true} if the caller must not use it; {@code false} too if there is no such session
     */
    public boolean isForeign(String sessionId, McpTransportContext context) {
        Known session = sessions.get(sessionId);
        OperationOwner owner = session == null ? null : session.owner.get();
        return owner != null
                && owner.kind() == OperationOwner.Kind.PRINCIPAL
                && !owner.equals(principal(sessionId, context));
    }

    /** Returns a caller that can be told from others, {@code null} for all who cannot. */
    private @Nullable OperationOwner principal(String sessionId, McpTransportContext context) {
        try {
            OperationOwner owner = resolver.resolve(context, sessionId);
            return owner.kind() == OperationOwner.Kind.PRINCIPAL ? owner : null;
        } catch (SecurityException e) {
            // What it calls is refused, with a word on the reason.
            return null;
        }
    }
}
