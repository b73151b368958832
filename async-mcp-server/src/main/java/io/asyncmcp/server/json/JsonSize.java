package io.asyncmcp.server.json;

import io.modelcontextprotocol.spec.McpSchema.AudioContent;
import io.modelcontextprotocol.spec.McpSchema.BlobResourceContents;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how large something is as JSON, without writing it: one byte a character, a few for everything else. On the
 * way it looks for parts that only their own class can write.
 *
 * <p>Good for telling the harmless from the harmful, which is all a limit has to do.
 *
 * @since 0.1.0
 */
public final class JsonSize {

    private static final int SMALL = 8;

    /** What an object takes up, and its place in another one. */
    private static final int HEADER = 24;

    /** What is nested deeper counts as too large: whoever measures or writes it runs out of stack. */
    public static final int MAX_DEPTH = 256;

    private final long limit;

    private long size;

    private long memory;

    private boolean opaque;

    private JsonSize(long limit) {
        this.limit = limit;
    }

    /**
     * Measures a value, and no further than the limit.
     *
     * @param value what is to be written
     * @param limit in bytes
     * @return how large it is
     */
    public static JsonSize of(@Nullable Object value, long limit) {
        JsonSize measured = new JsonSize(limit);
        measured.add(value, 0);
        return measured;
    }

    /**
     * Returns how large the value is.
     *
     * @return the estimate in bytes; a little over the limit if it exceeds that
     */
    public long size() {
        return size;
    }

    /**
     * Returns how much memory the value takes up, where it was read from JSON: an empty object has two bytes there, and some
     * fifty here.
     *
     * @return the estimate in bytes; of what was looked at alone if the limit is exceeded
     */
    public long memory() {
        return memory;
    }

    /**
     * Tells whether the value is larger than the limit, or nested too deep.
     *
     * @return {@code true} if it is
     */
    public boolean exceedsLimit() {
        return size > limit;
    }

    /**
     * Tells whether the value has parts that are written as JSON by their class, so that neither their size is known here
     * nor whether they can be written at all.
     *
     * @return {@code true} if it has; not to be relied on if the limit is exceeded
     */
    public boolean isOpaque() {
        return opaque;
    }

    private void add(@Nullable Object value, int depth) {
        if (size > limit) {
            return;
        }
        if (depth > MAX_DEPTH) {
            size = limit + 1;
            return;
        }
        size += SMALL;
        memory += HEADER;
        if (value instanceof CharSequence text) {
            memory += HEADER + memoryOf(text);
            size += text.length();
            opaque |= !(text instanceof String);
        } else if (value instanceof Map<?, ?> map) {
            memory += 2 * HEADER + (long) map.size() * 2 * HEADER;
            map.forEach((key, entry) -> {
                add(key, depth + 1);
                // A key that is null cannot be written, and how others are is up to them.
                opaque |= !(key instanceof String);
                add(entry, depth + 1);
            });
        } else if (value instanceof Collection<?> items) {
            items.forEach(item -> add(item, depth + 1));
        } else if (value instanceof CallToolResult result) {
            add(result.content(), depth + 1);
            add(result.structuredContent(), depth + 1);
            add(result.meta(), depth + 1);
        } else if (!addContent(value, depth)) {
            opaque |= value != null && !(value instanceof Boolean) && !isPlainNumber(value);
        }
    }

    /** Annotations of contents have nothing in them that could not be written. */
    private boolean addContent(@Nullable Object value, int depth) {
        if (value instanceof TextContent text) {
            return addParts(depth, text.text(), text.meta());
        }
        if (value instanceof ImageContent image) {
            return addParts(depth, image.data(), image.meta());
        }
        if (value instanceof AudioContent audio) {
            return addParts(depth, audio.data(), audio.meta());
        }
        if (value instanceof EmbeddedResource embedded) {
            return addParts(depth, embedded.resource(), embedded.meta());
        }
        if (value instanceof TextResourceContents text) {
            return addParts(depth, text.text(), text.meta());
        }
        if (value instanceof BlobResourceContents blob) {
            return addParts(depth, blob.blob(), blob.meta());
        }
        return value instanceof ResourceLink link && addParts(depth, link.description(), link.meta());
    }

    private boolean addParts(int depth, @Nullable Object body, @Nullable Object meta) {
        add(body, depth + 1);
        add(meta, depth + 1);
        return true;
    }

    /** A byte for each character, or two for each if there is one that needs them. */
    private static long memoryOf(CharSequence text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) > 0xFF) {
                return 2L * length;
            }
        }
        return length;
    }

    private static boolean isPlainNumber(Object value) {
        return value instanceof Number && value.getClass().getName().startsWith("java.");
    }
}
