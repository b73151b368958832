package io.asyncmcp.server.modern;

import io.modelcontextprotocol.json.McpJsonDefaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells whether two requests are the same but for what the client may change when it comes back with its answers. */
final class RequestDigests {

    private static final Set<String> CHANGES =
            Set.of(ModernProtocol.META, ModernProtocol.INPUT_RESPONSES, ModernProtocol.REQUEST_STATE);

    private RequestDigests() {}

    static byte[] of(String method, Map<String, Object> params) {
        Map<String, @Nullable Object> kept = new TreeMap<>();
        params.forEach((name, value) -> {
            if (!CHANGES.contains(name)) {
                kept.put(name, sorted(value));
            }
        });
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(method.getBytes(StandardCharsets.UTF_8));
            // Halves of surrogate pairs, which JSON can carry, have no place in UTF-8.
            String text = McpJsonDefaults.getMapper().writeValueAsString(kept);
            ByteBuffer chars = ByteBuffer.allocate(text.length() * Character.BYTES);
            chars.asCharBuffer().put(text);
            digest.update(chars);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nobody promises to keep the order of an object's members. */
    private static @Nullable Object sorted(@Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            Map<String, @Nullable Object> members = new TreeMap<>();
            object.forEach((name, member) -> members.put(String.valueOf(name), sorted(member)));
            return members;
        }
        return value instanceof List<?> list
                ? list.stream().map(RequestDigests::sorted).toList()
                : value;
    }
}
