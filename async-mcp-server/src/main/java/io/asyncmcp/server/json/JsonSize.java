package io.asyncmcp.server.json;

import io.modelcontextprotocol.spec.McpSchema.AudioContent;
import io.modelcontextprotocol.spec.McpSchema.BlobResourceContents;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells how large something is as JSON in UTF-8, without writing it: the bytes that go over the wire. On the way it looks for
 * parts that only their own class can write, whose size is unknown, and counts the values.
 *
 * @since 0.1.0
 */
public final class JsonSize {

    /** For the quotes, the colon and the comma of a member. */
    private static final int AROUND_NAMES = 4;

    /** Annotations of contents have a role or two, a number and a date. */
    private static final int ANNOTATIONS = 120;

    private static final double DIGITS_PER_BIT = 0.30103;

    /** What an object takes up, and its place in another one. */
    private static final int HEADER = 24;

    /** What is nested deeper counts as too large: to measure or to write it takes more stack than there is. */
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
     * @return the bytes; a little over the limit if it exceeds that
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
        memory += HEADER;
        if (value instanceof CharSequence text) {
            memory += HEADER + memoryOf(text);
            size += 2 + JsonText.size(text);
            opaque |= !(text instanceof String);
        } else if (value instanceof Map<?, ?> map) {
            memory += 2 * HEADER + (long) map.size() * 2 * HEADER;
            size += aroundItems(map.size()) + map.size();
            map.forEach((key, entry) -> {
                add(key, depth + 1);
                // A key that is null cannot be written, and how others are is up to them.
                opaque |= !(key instanceof String);
                add(entry, depth + 1);
            });
        } else if (value instanceof Collection<?> items) {
            size += aroundItems(items.size());
            items.forEach(item -> add(item, depth + 1));
        } else if (value == null || value instanceof Boolean) {
            size += Boolean.FALSE.equals(value) ? 5 : 4;
        } else if (value instanceof Number number) {
            size += length(number);
            memory += memoryOf(number);
            opaque |= !isPlainNumber(value);
        } else if (!addContent(value, depth)) {
            opaque = true;
        }
    }

    /** Brackets, and commas in between. */
    private static int aroundItems(int count) {
        return 2 + Math.max(0, count - 1);
    }

    /** What a number takes up beside its header, if it has more digits than fit into 64 bits. */
    private static long memoryOf(Number number) {
        if (number instanceof BigInteger whole) {
            return 2 * HEADER + whole.bitLength() / Byte.SIZE;
        }
        return number instanceof BigDecimal decimal
                ? 3 * HEADER + decimal.unscaledValue().bitLength() / Byte.SIZE
                : 0;
    }

    private static long length(Number number) {
        if (number instanceof BigInteger whole) {
            return 1 + (long) (whole.bitLength() * DIGITS_PER_BIT) + 1;
        }
        if (number instanceof BigDecimal decimal) {
            // With its sign, its point and its exponent.
            return 16 + (long) (decimal.unscaledValue().bitLength() * DIGITS_PER_BIT);
        }
        return isPlainNumber(number) ? number.toString().length() : 0;
    }

    private boolean addContent(Object value, int depth) {
        if (value instanceof CallToolResult result) {
            return addMembers(
                    depth,
                    "content",
                    result.content(),
                    "structuredContent",
                    result.structuredContent(),
                    "isError",
                    result.isError(),
                    "_meta",
                    result.meta());
        }
        if (value instanceof Content) {
            size += AROUND_NAMES + ANNOTATIONS;
        }
        if (value instanceof TextContent text) {
            return addMembers(depth, "text", text.text(), "_meta", text.meta());
        }
        if (value instanceof ImageContent image) {
            return addMembers(depth, "data", image.data(), "mimeType", image.mimeType(), "_meta", image.meta());
        }
        if (value instanceof AudioContent audio) {
            return addMembers(depth, "data", audio.data(), "mimeType", audio.mimeType(), "_meta", audio.meta());
        }
        if (value instanceof EmbeddedResource embedded) {
            return addMembers(depth, "resource", embedded.resource(), "_meta", embedded.meta());
        }
        if (value instanceof TextResourceContents text) {
            return addMembers(
                    depth, "uri", text.uri(), "mimeType", text.mimeType(), "text", text.text(), "_meta", text.meta());
        }
        if (value instanceof BlobResourceContents blob) {
            return addMembers(
                    depth, "uri", blob.uri(), "mimeType", blob.mimeType(), "blob", blob.blob(), "_meta", blob.meta());
        }
        return value instanceof ResourceLink link
                && addMembers(
                        depth,
                        "name",
                        link.name(),
                        "title",
                        link.title(),
                        "uri",
                        link.uri(),
                        "description",
                        link.description(),
                        "mimeType",
                        link.mimeType(),
                        "size",
                        link.size(),
                        "_meta",
                        link.meta());
    }

    /** Members without a value are left out when they are written. */
    private boolean addMembers(int depth, @Nullable Object... namesAndValues) {
        size += 2;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value != null) {
                size += String.valueOf(namesAndValues[i]).length() + AROUND_NAMES;
                add(value, depth + 1);
            }
        }
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
