package io.asyncmcp.server.http;

import io.asyncmcp.server.json.JsonSize;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.util.function.LongPredicate;
import org.springframework.util.FastByteArrayOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes messages as JSON in UTF-8. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MessageJson {

    /** Room for what is around the content of a message, in bytes. */
    private static final int AROUND = 512;

    private final JsonMapper writer;

    private final McpJsonMapper mapper;

    /** Creates it. */
    public MessageJson(JsonMapper mapper) {
        this.writer = mapper;
        this.mapper = new JacksonMcpJsonMapper(mapper);
    }

    /** Returns the SDK's view of the mapper. */
    public McpJsonMapper mapper() {
        return mapper;
    }

    /** There is no room for a message. */
    static final class NoRoomException extends IOException {

        private static final long serialVersionUID = 1L;

        NoRoomException() {
            super("there is no room for this message");
        }
    }

    /** Writes a message that {@code share} counts; closes it on failure, which is {@link NoRoomException} if there is no room. */
    byte[] bytes(Object message, ReplyMemory.Share share) throws IOException {
        Object content = message instanceof JSONRPCResponse response
                ? response.result()
                : message instanceof JSONRPCNotification notification ? notification.params() : null;
        long size = JsonSize.of(content, Integer.MAX_VALUE).size();
        boolean written = false;
        try {
            if (!share.grow(size)) {
                throw new NoRoomException();
            }
            byte[] json = bytes(message, size, share::grow);
            written = true;
            return json;
        } finally {
            if (!written) {
                share.close();
            }
        }
    }

    /** Writes a message, however large. */
    byte[] bytes(Object message) throws IOException {
        return bytes(message, 0, size -> true);
    }

    private byte[] bytes(Object message, long expected, LongPredicate room) throws IOException {
        Bounded json = new Bounded((int) Math.min(expected + AROUND, Integer.MAX_VALUE / 2), room);
        try {
            writer.writeValue(json, message);
        } catch (JacksonException e) {
            throw e.getCause() instanceof NoRoomException full ? full : new IOException(e);
        }
        return json.toByteArrayUnsafe();
    }

    /** Grows as long as there is room. */
    private static final class Bounded extends FastByteArrayOutputStream {

        private final LongPredicate room;

        Bounded(int expected, LongPredicate room) {
            super(expected);
            this.room = room;
        }

        /** Jackson hands its buffer over when it is full, and writes nothing byte by byte. */
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!room.test((long) size() + length)) {
                throw new NoRoomException();
            }
            super.write(bytes, offset, length);
        }
    }
}
