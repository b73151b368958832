package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.MessageFault;
import io.asyncmcp.server.transport.Messages;
import io.asyncmcp.server.transport.RequestBodies;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of an input that are messages. The SDK stops reading for good at the first one that is none, which would end the
 * server and every operation; here such a line is answered, and reading goes on.
 *
 * <p>For one reader. What is written holds the lock that the SDK's writer holds.
 */
final class StdioMessages extends InputStream {

    private final InputStream in;

    private final OutputStream out;

    private final McpJsonMapper mapper;

    private final RequestBodies bodies;

    private final Messages messages;

    private ByteArrayInputStream message = new ByteArrayInputStream(new byte[0]);

    StdioMessages(InputStream in, OutputStream out, McpJsonMapper mapper, RequestBodies bodies) {
        this.in = in;
        this.out = out;
        this.mapper = mapper;
        this.bodies = bodies;
        this.messages = new Messages(mapper);
    }

    @Override
    public int read() throws IOException {
        return fill() ? message.read() : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return fill() ? message.read(buffer, offset, length) : -1;
    }

    /** The reader above must not wait for more than there is: the rest of a buffer may take minutes to come. */
    @Override
    public int available() {
        return message.available();
    }

    private boolean fill() throws IOException {
        while (message.available() == 0) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int size = readLine(line);
            if (size < 0) {
                return false;
            }
            MessageFault fault = faultOf(line.toByteArray());
            if (fault != null) {
                answer(fault);
            } else if (size > 0) {
                message = new ByteArrayInputStream(oneLine(line.toByteArray()));
            }
        }
        return true;
    }

    /** A carriage return is white space in JSON, and the end of a line to the reader above. */
    private static byte[] oneLine(byte[] text) {
        byte[] line = Arrays.copyOf(text, text.length + 1);
        for (int i = 0; i < text.length; i++) {
            if (line[i] == '\r') {
                line[i] = ' ';
            }
        }
        line[text.length] = '\n';
        return line;
    }

    /**
     * Reads a line, and keeps no more of it than a message may have.
     *
     * @return its size, or -1 at the end of the input
     */
    private int readLine(ByteArrayOutputStream line) throws IOException {
        int size = 0;
        int next = in.read();
        if (next < 0) {
            return -1;
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (size <= bodies.maxBytes()) {
                line.write(next);
                size++;
            }
        }
        if (line.toString(StandardCharsets.UTF_8).isBlank()) {
            line.reset();
            return 0;
        }
        return size;
    }

    private @Nullable MessageFault faultOf(byte[] line) {
        if (line.length == 0) {
            return null;
        }
        RequestBodies.Refusal refusal = bodies.refusalOf(line);
        if (refusal != null) {
            return new MessageFault(refusal.code(), null, refusal.text());
        }
        try {
            messages.read(line);
            McpSchema.deserializeJsonRpcMessage(mapper, new String(line, StandardCharsets.UTF_8));
            return null;
        } catch (MessageFault e) {
            return e;
        } catch (IOException | RuntimeException e) {
            return MessageFault.invalid("This is not a JSON-RPC message.");
        }
    }

    private void answer(MessageFault fault) throws IOException {
        synchronized (out) {
            out.write(fault.json(mapper));
            out.write('\n');
            out.flush();
        }
    }
}
