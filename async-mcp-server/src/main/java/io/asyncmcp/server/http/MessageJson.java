package io.asyncmcp.server.http;

import io.asyncmcp.server.json.JsonSize;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes messages as JSON in UTF-8. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MessageJson {

    private final JsonMapper writer;

    private final McpJsonMapper mapper;

    /**
     * Creates it.
     *
     * @param mapper writes and reads JSON
     */
    public MessageJson(JsonMapper mapper) {
        this.writer = mapper;
        this.mapper = new JacksonMcpJsonMapper(mapper);
    }

    /**
     * Returns the mapper.
     *
     * @return writes and reads JSON
     */
    public McpJsonMapper mapper() {
        return mapper;
    }

    /** There is no room for a message, which is larger than it could be told. */
    static final class NoRoomException extends IOException {

        private static final long serialVersionUID = 1L;

        NoRoomException() {
            super("there is no room for this message");
        }
    }

    /**
     * Writes a message.
     *
     * @param message the message
     * @param share counts it, as far as its size can be told before it is written
     * @return its JSON
     * @throws NoRoomException if there is no room for it
     * @throws IOException if it cannot be written as JSON
     */
    byte[] bytes(Object message, ReplyMemory.Share share) throws IOException {
        Object content = message instanceof JSONRPCResponse response
                ? response.result()
                : message instanceof JSONRPCNotification notification ? notification.params() : null;
        if (!share.grow(JsonSize.of(content, Integer.MAX_VALUE).size())) {
            throw new NoRoomException();
        }
        return bytes(message, share::grow);
    }

    /**
     * Writes a message.
     *
     * @param message the message
     * @param room tells whether there is room for that many bytes
     * @return its JSON
     * @throws NoRoomException if there is no room for it
     * @throws IOException if it cannot be written as JSON
     */
    byte[] bytes(Object message, LongPredicate room) throws IOException {
        Pieces pieces = new Pieces(room);
        try {
            writer.writeValue(pieces, message);
        } catch (JacksonException e) {
            throw e.getCause() instanceof NoRoomException full ? full : new IOException(e);
        }
        return pieces.all();
    }

    /** What has been written, in pieces: one array that grows would be copied again and again. */
    private static final class Pieces extends OutputStream {

        private final LongPredicate room;

        private final List<byte[]> pieces = new ArrayList<>(1);

        private long size;

        Pieces(LongPredicate room) {
            this.room = room;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        /** Jackson hands its buffer over when it is full. */
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            size += length;
            if (!room.test(size)) {
                throw new NoRoomException();
            }
            pieces.add(Arrays.copyOfRange(bytes, offset, offset + length));
        }

        byte[] all() {
            if (pieces.size() == 1) {
                return pieces.get(0);
            }
            byte[] all = new byte[Math.toIntExact(size)];
            int offset = 0;
            for (byte[] piece : pieces) {
                System.arraycopy(piece, 0, all, offset, piece.length);
                offset += piece.length;
            }
            return all;
        }
    }
}
