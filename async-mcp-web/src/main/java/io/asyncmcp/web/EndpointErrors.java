package io.asyncmcp.web;

import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.transport.AsyncStreamableSession;
import io.asyncmcp.server.transport.MessageFault;
import io.asyncmcp.server.transport.RequestBodies;
import io.asyncmcp.server.transport.SessionOwners;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client is told when its request does not reach a handler. */
final class EndpointErrors {

    private static final Map<String, String> RETRY = Map.of("Retry-After", "1");

    private EndpointErrors() {}

    /** A fault with an HTTP status of its own. */
    static final class Fault extends MessageFault {

        private static final long serialVersionUID = 1L;

        final int status;

        final transient Map<String, String> headers;

        Fault(int status, int code, @Nullable Object id, String text) {
            this(status, code, id, text, Map.of());
        }

        private Fault(int status, int code, @Nullable Object id, String text, Map<String, String> headers) {
            super(code, id, text);
            this.status = status;
            this.headers = headers;
        }
    }

    static Fault misfit(@Nullable Object id) {
        return new Fault(400, ErrorCodes.INVALID_PARAMS, id, "The params do not fit the method.");
    }

    static Fault sessionNotFound() {
        return new Fault(404, ErrorCodes.INVALID_REQUEST, null, SessionOwners.NOT_FOUND);
    }

    /** Not 400 or 404, which clients take for the end of the session; not an empty stream, for which they come back for ever. */
    static Fault streamGone() {
        return new Fault(
                410,
                ErrorCodes.INVALID_REQUEST,
                null,
                "What this stream said after Last-Event-ID is no longer there. Send the request again.");
    }

    static Fault shuttingDown() {
        return new Fault(503, ErrorCodes.INTERNAL_ERROR, null, "The server is shutting down.");
    }

    static Fault busy(String text) {
        return new Fault(503, MessageFault.BUSY, null, text, RETRY);
    }

    static Fault internal() {
        return new Fault(500, ErrorCodes.INTERNAL_ERROR, null, "The request failed for an internal reason.");
    }

    static Fault wrongMethod(String allowed) {
        return wrongMethod(allowed, "This server does not take this HTTP method.");
    }

    static Fault wrongMethod(String allowed, String text) {
        return new Fault(405, ErrorCodes.INVALID_REQUEST, null, text, Map.of("Allow", allowed));
    }

    static Fault tooManyHeaders(int most) {
        return new Fault(
                431, ErrorCodes.INVALID_REQUEST, null, "A request must not have more than " + most + " headers.");
    }

    static Fault unsupportedMediaType(String text) {
        return new Fault(415, ErrorCodes.INVALID_REQUEST, null, text);
    }

    static Fault refused(AsyncStreamableSession.Refusal refusal) {
        return refusal.busy()
                ? busy(refusal.reason())
                : new Fault(400, ErrorCodes.INVALID_PARAMS, null, refusal.reason());
    }

    static Fault refused(RequestBodies.Refusal refusal) {
        int status = switch (refusal) {
            case TOO_LARGE, TOO_HEAVY -> 413;
            case TOO_SLOW -> 408;
            case CALLER_BUSY -> 429;
            case BUSY -> 503;
            case TOO_DEEP, LONG_NAME, NOT_UTF8 -> 400;
        };
        return new Fault(
                status, refusal.code(), null, refusal.text(), refusal.code() == MessageFault.BUSY ? RETRY : Map.of());
    }

    static void respond(HttpExchange exchange, MessageFault fault, McpJsonMapper mapper) {
        byte[] body = fault.json(mapper);
        if (fault instanceof Fault known) {
            exchange.respond(known.status, known.headers, body);
        } else {
            exchange.respond(400, Map.of(), body);
        }
    }
}
