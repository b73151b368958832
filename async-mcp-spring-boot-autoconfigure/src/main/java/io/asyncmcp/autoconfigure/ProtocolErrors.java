package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.json.JsonText;
import io.asyncmcp.server.transport.RequestBodies;
import io.asyncmcp.server.transport.RequestRules;
import io.asyncmcp.server.transport.SessionOwners;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a client is told when its request does not make it to a handler.
 *
 * <p>Spring AI's transports answer such requests with a serialized exception, or with a server error where the client is
 * at fault. Whatever failed is looked at again here; a request that succeeds costs nothing.
 */
final class ProtocolErrors {

    /** Not JSON-RPC's own. Clients are told to wait by the HTTP status. */
    private static final int BUSY = -32000;

    private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);

    private static final String WRONG_ID = "id must be a string or an integer of at most 64 bits.";

    /** One of them is in every message. */
    private static final Set<String> KINDS = Set.of("method", "result", "error");

    private static final byte[] INITIALIZE = "\"initialize\"".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] ESCAPED_LETTER = "\\u00".getBytes(StandardCharsets.US_ASCII);

    private final JsonMapper mapper;

    private final RequestBodies bodies;

    ProtocolErrors(JsonMapper mapper, RequestBodies bodies) {
        this.mapper = mapper;
        this.bodies = bodies;
    }

    /**
     * An answer to a request.
     *
     * @param status the HTTP status
     * @param json a JSON-RPC error
     */
    record Answer(int status, String json) {

        /** Whether it helps to try again soon. */
        boolean isBusy() {
            return status == HttpStatus.TOO_MANY_REQUESTS.value() || status == HttpStatus.SERVICE_UNAVAILABLE.value();
        }
    }

    RequestBodies bodies() {
        return bodies;
    }

    Answer tooLarge() {
        return refused(RequestBodies.Refusal.TOO_LARGE);
    }

    /** The answer to a body that is not read, or not parsed. */
    Answer refused(RequestBodies.Refusal refusal) {
        return switch (refusal) {
            case TOO_LARGE ->
                refused(
                        HttpStatus.CONTENT_TOO_LARGE,
                        ErrorCodes.INVALID_REQUEST,
                        "The body is larger than this server takes.");
            case TOO_HEAVY ->
                refused(
                        HttpStatus.CONTENT_TOO_LARGE,
                        ErrorCodes.INVALID_REQUEST,
                        "The body has more objects and lists than this server takes.");
            case TOO_DEEP ->
                refused(
                        HttpStatus.BAD_REQUEST,
                        ErrorCodes.PARSE_ERROR,
                        "The body is nested deeper than this server takes.");
            case LONG_NAME ->
                refused(
                        HttpStatus.BAD_REQUEST,
                        ErrorCodes.INVALID_REQUEST,
                        "A member of the body has a name of more than " + RequestBodies.MAX_NAME
                                + " bytes, which this server does not take.");
            case NOT_UTF8 -> refused(HttpStatus.BAD_REQUEST, ErrorCodes.PARSE_ERROR, "The body is not JSON in UTF-8.");
            case TOO_SLOW ->
                refused(
                        HttpStatus.REQUEST_TIMEOUT,
                        ErrorCodes.INVALID_REQUEST,
                        "The body comes slower than this server waits for it.");
            case CALLER_BUSY ->
                refused(
                        HttpStatus.TOO_MANY_REQUESTS,
                        BUSY,
                        "You send more at the same time than this server takes. Try again in a second.");
            case BUSY -> refused(HttpStatus.SERVICE_UNAVAILABLE, BUSY, "The server is busy. Try again in a second.");
        };
    }

    private Answer refused(HttpStatus status, int code, String message) {
        return answer(status.value(), null, code, message);
    }

    /** The answer to a request in a session that is not there, or somebody else's. */
    Answer sessionNotFound() {
        return answer(HttpStatus.NOT_FOUND.value(), null, ErrorCodes.INVALID_REQUEST, SessionOwners.NOT_FOUND);
    }

    /** The answer to a body that is not declared to be JSON. */
    Answer unsupportedMediaType() {
        return answer(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE.value(),
                null,
                ErrorCodes.INVALID_REQUEST,
                "Content-Type must be application/json. The text must be UTF-8.");
    }

    /**
     * Says what is wrong with what the transports read themselves: they fail over a header, and log what they cannot read of a
     * body as it is.
     *
     * @param accept the values of the header {@code Accept}
     * @param body the request's body, or {@code null} if it should have none
     * @return the answer, or {@code null} if the transport may have the request
     */
    @Nullable
    Answer faultForTransport(List<String> accept, byte @Nullable [] body) {
        try {
            MediaType.parseMediaTypes(accept);
        } catch (InvalidMediaTypeException e) {
            return invalid("Accept must be a list of media types.");
        }
        if (body == null) {
            return null;
        }
        return isMessage(body) ? faultOfTyped(body) : faultOf(body, true);
    }

    /** The SDK logs all of what is none. Nothing is built of it here: most say what they are before their params. */
    private boolean isMessage(byte[] body) {
        try (JsonParser parser = mapper.createParser(body)) {
            boolean object = parser.nextToken() == JsonToken.START_OBJECT;
            while (object && parser.nextToken() == JsonToken.PROPERTY_NAME) {
                if (KINDS.contains(parser.currentName())) {
                    return true;
                }
                parser.nextToken();
                parser.skipChildren();
            }
            return false;
        } catch (JacksonException e) {
            return false;
        }
    }

    /** The answer to a URL whose parameters cannot be read. */
    Answer unreadableQuery() {
        return invalid("The query of the URL cannot be read.");
    }

    /** The answer to what is JSON, and no message that the protocol knows. */
    Answer unreadable() {
        return invalid("This is not a JSON-RPC message.");
    }

    /**
     * Puts the right answer in the place of the transport's.
     *
     * @param status the transport's HTTP status, an error
     * @param entity the transport's body, or {@code null} if it has none
     * @param body the request's body, or {@code null} if it should have none
     * @return the answer
     */
    Answer insteadOf(int status, @Nullable Object entity, byte @Nullable [] body) {
        boolean bodyInQuestion = status == HttpStatus.BAD_REQUEST.value() || status >= 500;
        Answer fault = bodyInQuestion ? faultOf(body, status >= 500 || isAboutFormat(entity)) : null;
        if (fault != null) {
            return fault;
        }
        if (status >= 500) {
            String message = status == HttpStatus.SERVICE_UNAVAILABLE.value()
                    ? "The server is shutting down."
                    : "The request failed for an internal reason.";
            return answer(status, null, ErrorCodes.INTERNAL_ERROR, message);
        }
        return answer(status, null, ErrorCodes.INVALID_REQUEST, messageOf(status, entity));
    }

    /** What the transports say of a body that they could not convert. */
    private static boolean isAboutFormat(@Nullable Object entity) {
        return entity instanceof McpError error && "Invalid message format".equals(error.getMessage());
    }

    private static String messageOf(int status, @Nullable Object entity) {
        if (entity instanceof McpError error && error.getMessage() != null) {
            return error.getMessage();
        }
        if (entity instanceof String text && !text.isBlank()) {
            return text;
        }
        return switch (status) {
            case 400 ->
                "Check the headers: Accept must list text/event-stream, and application/json too for a POST;"
                        + " Mcp-Session-Id must be there after initialize.";
            case 404 -> "Session not found";
            case 405 -> "This server does not take this HTTP method.";
            default -> "The request is not accepted.";
        };
    }

    /**
     * Looks for what a client did wrong.
     *
     * @param body the request's body, or {@code null} if it should have none
     * @param thrown whether the transport failed over it, instead of refusing it
     * @return the answer, or {@code null} if nothing is wrong
     */
    @Nullable
    Answer faultOf(byte @Nullable [] body, boolean thrown) {
        if (body == null) {
            return null;
        }
        if (body.length == 0) {
            return badRequest(null, ErrorCodes.PARSE_ERROR, "The body is empty. Send one JSON-RPC message.");
        }
        JsonNode message;
        try {
            message = mapper.readTree(body);
        } catch (JacksonException e) {
            return badRequest(null, ErrorCodes.PARSE_ERROR, "The body is not JSON that this server can read.");
        }
        return faultOf(message, thrown);
    }

    private @Nullable Answer faultOf(JsonNode message, boolean thrown) {
        if (message.isArray()) {
            return invalid("Batches are not supported. Send one JSON-RPC message per request.");
        }
        if (!message.isObject()) {
            return invalid("The body must be a JSON object, a JSON-RPC message.");
        }
        if (!"2.0".equals(message.path("jsonrpc").asString(""))) {
            return invalid("jsonrpc must be \"2.0\".");
        }
        if (!message.has("method")) {
            return message.has("result") || message.has("error")
                    ? faultOfResponse(message)
                    : invalid("The message must have a method, a result or an error.");
        }
        if (!message.get("method").isString()) {
            return invalid("method must be a string.");
        }
        JsonNode id = message.path("id");
        if (message.has("id") && !isId(id)) {
            return invalid(WRONG_ID);
        }
        JsonNode params = message.path("params");
        // The transports read the params of this one method only; those of the others are the session's affair.
        boolean initialize =
                McpSchema.METHOD_INITIALIZE.equals(message.get("method").asString());
        boolean unfit = initialize ? thrown || !params.isObject() : !params.isMissingNode() && !params.isObject();
        return unfit ? badRequest(id, ErrorCodes.INVALID_PARAMS, "The params do not fit the method.") : null;
    }

    private static boolean isId(JsonNode id) {
        return id.isString() || id.isIntegralNumber() && id.canConvertToLong();
    }

    /** Of a message that the transports read to a type; {@code null} if nothing is wrong, or if it is another message. */
    private @Nullable Answer faultOfTyped(byte[] body) {
        if (Stream.of(ERROR, INITIALIZE, ESCAPED_LETTER).noneMatch(part -> JsonText.contains(body, part))) {
            return null;
        }
        try {
            JsonNode message = mapper.readTree(body);
            if (message.isObject() && message.has("error") && !message.has("method")) {
                return faultOfResponse(message);
            }
            return McpSchema.METHOD_INITIALIZE.equals(message.path("method").asString(""))
                    ? faultOfInitialize(message)
                    : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private @Nullable Answer faultOfInitialize(JsonNode message) {
        JsonNode params = message.path("params");
        try {
            // First: what the SDK reads it logs too.
            if (RequestRules.isMisfit(
                    McpSchema.METHOD_INITIALIZE, mapper.treeToValue(params, Object.class), Set.of())) {
                return faultOf(message, true);
            }
            mapper.treeToValue(params, McpSchema.InitializeRequest.class);
            return null;
        } catch (RuntimeException e) {
            return faultOf(message, true);
        }
    }

    private @Nullable Answer faultOfResponse(JsonNode message) {
        JsonNode error = message.path("error");
        if (!isId(message.path("id"))) {
            return invalid(WRONG_ID);
        }
        if (message.has("result") && message.has("error")) {
            return invalid("A response must have either a result or an error.");
        }
        if (!message.hasNonNull("result") && error.isMissingNode()) {
            return invalid("result must not be null.");
        }
        boolean wellFormed = !message.has("error")
                || error.path("code").isIntegralNumber()
                        && error.path("code").canConvertToInt()
                        && error.path("message").isString();
        return wellFormed ? null : invalid("error must have a code and a message.");
    }

    private Answer invalid(String message) {
        return badRequest(null, ErrorCodes.INVALID_REQUEST, message);
    }

    private Answer badRequest(@Nullable JsonNode id, int code, String message) {
        return answer(HttpStatus.BAD_REQUEST.value(), id, code, message);
    }

    private Answer answer(int status, @Nullable JsonNode id, int code, String message) {
        // A tree and not a map: mappers are set up to leave out null, which an unknown id has to be.
        ObjectNode response = mapper.createObjectNode();
        response.put("jsonrpc", "2.0");
        response.set("id", id == null || id.isMissingNode() ? mapper.nullNode() : id);
        response.putObject("error").put("code", code).put("message", message);
        return new Answer(status, mapper.writeValueAsString(response));
    }
}
