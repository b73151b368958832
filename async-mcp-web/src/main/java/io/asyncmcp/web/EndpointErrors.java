package io.asyncmcp.web;

import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.http.MessageJson;
import io.asyncmcp.server.transport.Connection;
import io.asyncmcp.server.transport.RequestBodies;
import io.asyncmcp.server.transport.SessionOwners;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client is told when its request does not make it to a handler. */
final class EndpointErrors {

    /** Not JSON-RPC's own. Clients are told to wait by the HTTP status. */
    private static final int BUSY = -32000;

    private static final Map<String, String> RETRY = Map.of("Retry-After", "1");

    private final MessageJson json;

    EndpointErrors(MessageJson json) {
        this.json = json;
    }

    /** A request that is answered with an error, whatever it is. */
    static final class Fault extends RuntimeException {

        private static final long serialVersionUID = 1L;

        final int status;

        final int code;

        final transient @Nullable Object id;

        final String text;

        final transient Map<String, String> headers;

        Fault(int status, int code, @Nullable Object id, String text) {
            this(status, code, id, text, Map.of());
        }

        private Fault(int status, int code, @Nullable Object id, String text, Map<String, String> headers) {
            super(text, null, false, false);
            this.headers = headers;
            this.status = status;
            this.code = code;
            this.id = id;
            this.text = text;
        }
    }

    static Fault invalid(String text) {
        return new Fault(400, ErrorCodes.INVALID_REQUEST, null, text);
    }

    static Fault unparsable(String text) {
        return new Fault(400, ErrorCodes.PARSE_ERROR, null, text);
    }

    static Fault misfit(@Nullable Object id) {
        return new Fault(400, ErrorCodes.INVALID_PARAMS, id, "The params do not fit the method.");
    }

    static Fault sessionNotFound() {
        return new Fault(404, ErrorCodes.INVALID_REQUEST, null, SessionOwners.NOT_FOUND);
    }

    static Fault shuttingDown() {
        return new Fault(503, ErrorCodes.INTERNAL_ERROR, null, "The server is shutting down.");
    }

    static Fault busy(String text) {
        return new Fault(503, BUSY, null, text, RETRY);
    }

    static Fault internal() {
        return new Fault(500, ErrorCodes.INTERNAL_ERROR, null, "The request failed for an internal reason.");
    }

    /**
     * A request with an HTTP method that is not taken.
     *
     * @param allowed the methods that are
     */
    static Fault wrongMethod(String allowed) {
        return wrongMethod(allowed, "This server does not take this HTTP method.");
    }

    static Fault wrongMethod(String allowed, String text) {
        return new Fault(405, ErrorCodes.INVALID_REQUEST, null, text, Map.of("Allow", allowed));
    }

    static Fault unsupportedMediaType() {
        return new Fault(
                415,
                ErrorCodes.INVALID_REQUEST,
                null,
                "Content-Type must be application/json. The text must be UTF-8.");
    }

    static Fault refused(Connection.Refusal refusal) {
        return refusal.busy()
                ? busy(refusal.reason())
                : new Fault(400, ErrorCodes.INVALID_PARAMS, null, refusal.reason());
    }

    /** A body that is not read, or not parsed. */
    static Fault refused(RequestBodies.Refusal refusal) {
        return switch (refusal) {
            case TOO_LARGE ->
                new Fault(413, ErrorCodes.INVALID_REQUEST, null, "The body is larger than this server takes.");
            case TOO_HEAVY ->
                new Fault(
                        413,
                        ErrorCodes.INVALID_REQUEST,
                        null,
                        "The body has more objects and lists than this server takes.");
            case TOO_DEEP -> unparsable("The body is nested deeper than this server takes.");
            case LONG_NAME ->
                invalid("A member of the body has a name of more than " + RequestBodies.MAX_NAME
                        + " bytes, which this server does not take.");
            case NOT_UTF8 -> unparsable("The body is not JSON in UTF-8.");
            case TOO_SLOW ->
                new Fault(
                        408, ErrorCodes.INVALID_REQUEST, null, "The body comes slower than this server waits for it.");
            case CALLER_BUSY ->
                new Fault(
                        429,
                        BUSY,
                        null,
                        "You send more at the same time than this server takes. Try again in a second.",
                        RETRY);
            case BUSY -> busy("The server is busy. Try again in a second.");
        };
    }

    /** Tells the client of a fault. */
    void respond(HttpExchange exchange, Fault fault) {
        exchange.respond(fault.status, fault.headers, body(fault));
    }

    /** By hand: mappers are set up to leave out null, which an unknown id has to be. */
    private byte[] body(Fault fault) {
        try {
            String id = json.mapper().writeValueAsString(fault.id);
            String text = json.mapper().writeValueAsString(fault.text);
            return ("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + fault.code + ",\"message\":" + text
                            + "}}")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("a text cannot be written as JSON", e);
        }
    }
}
