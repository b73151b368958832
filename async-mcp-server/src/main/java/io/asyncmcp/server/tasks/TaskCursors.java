package io.asyncmcp.server.tasks;

import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationQuery.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Cursors into the list of an owner's tasks: a position, sealed for that owner.
 *
 * <p>The key lives as long as the process; a cursor of an earlier one is no cursor. Thread-safe.
 */
final class TaskCursors {

    private static final String ALGORITHM = "HmacSHA256";

    private static final int SEAL_BYTES = 16;

    /** Several times as long as any of ours. A longer text is not looked at. */
    private static final int MAX_LENGTH = 256;

    private static final int TIME_BYTES = Long.BYTES + Integer.BYTES;

    private final SecretKeySpec key;

    TaskCursors(SecureRandom random) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    String write(Position position, OperationOwner owner) {
        byte[] id = position.id().getBytes(StandardCharsets.UTF_8);
        byte[] content = ByteBuffer.allocate(TIME_BYTES + id.length)
                .putLong(position.createdAt().getEpochSecond())
                .putInt(position.createdAt().getNano())
                .put(id)
                .array();
        byte[] seal = seal(content, owner);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(seal.length + content.length)
                        .put(seal)
                        .put(content)
                        .array());
    }

    Position read(String cursor, OperationOwner owner) {
        if (cursor.length() > MAX_LENGTH) {
            throw unknown();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            throw unknown();
        }
        if (bytes.length <= SEAL_BYTES + TIME_BYTES) {
            throw unknown();
        }
        byte[] content = Arrays.copyOfRange(bytes, SEAL_BYTES, bytes.length);
        if (!MessageDigest.isEqual(Arrays.copyOf(bytes, SEAL_BYTES), seal(content, owner))) {
            throw unknown();
        }
        ByteBuffer buffer = ByteBuffer.wrap(content);
        try {
            Instant createdAt = Instant.ofEpochSecond(buffer.getLong(), buffer.getInt());
            return new Position(createdAt, StandardCharsets.UTF_8.decode(buffer).toString());
        } catch (DateTimeException e) {
            throw unknown();
        }
    }

    private byte[] seal(byte[] content, OperationOwner owner) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((owner.kind() + ":" + owner.name() + "\n").getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(mac.doFinal(content), SEAL_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " must be available on every JDK", e);
        }
    }

    private static RuntimeException unknown() {
        return TaskErrors.invalid(
                "The cursor is unknown. Pass the nextCursor of an earlier answer exactly as it was given, or none to begin.");
    }
}
