package io.asyncmcp.server.tool;

import io.modelcontextprotocol.spec.McpSchema.AudioContent;
import io.modelcontextprotocol.spec.McpSchema.BlobResourceContents;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how large something is as JSON, without writing it: one byte a character, a few for everything else.
 *
 * <p>Good for telling the harmless from the harmful, which is all a limit has to do.
 */
final class JsonSize {

    private static final int SMALL = 8;

    /** What is nested deeper counts as too large: whoever measures or writes it runs out of stack. */
    static final int MAX_DEPTH = 256;

    private final long limit;

    private long size;

    private boolean opaque;

    private JsonSize(long limit) {
        this.limit = limit;
    }

    static boolean exceeds(@Nullable Object value, long limit) {
        JsonSize measured = new JsonSize(limit);
        measured.add(value, 0);
        return measured.size > limit;
    }

    /** Tells whether a value has parts that are written as JSON by their type, so that their size is not known here. */
    static boolean isOpaque(@Nullable Object value) {
        JsonSize measured = new JsonSize(Long.MAX_VALUE - 1);
        measured.add(value, 0);
        return measured.opaque;
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
        if (value instanceof CharSequence text) {
            size += text.length();
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, entry) -> {
                add(key, depth + 1);
                add(entry, depth + 1);
            });
        } else if (value instanceof Collection<?> items) {
            items.forEach(item -> add(item, depth + 1));
        } else if (value instanceof CallToolResult result) {
            add(result.content(), depth + 1);
            add(result.structuredContent(), depth + 1);
            add(result.meta(), depth + 1);
        } else {
            addContent(value);
        }
    }

    private void addContent(@Nullable Object value) {
        if (value instanceof TextContent text) {
            size += lengthOf(text.text());
        } else if (value instanceof ImageContent image) {
            size += lengthOf(image.data());
        } else if (value instanceof AudioContent audio) {
            size += lengthOf(audio.data());
        } else if (value instanceof EmbeddedResource embedded) {
            if (embedded.resource() instanceof TextResourceContents text) {
                size += lengthOf(text.text());
            } else if (embedded.resource() instanceof BlobResourceContents blob) {
                size += lengthOf(blob.blob());
            }
        } else {
            opaque |= value != null && !(value instanceof Number) && !(value instanceof Boolean);
        }
    }

    private static int lengthOf(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
