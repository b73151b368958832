package io.asyncmcp.autoconfigure.actuate;

import io.asyncmcp.OperationOwner;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Tells owners apart without naming them. The hash is keyed, because names can be guessed; the key is made at the start and
 * never leaves the process.
 *
 * <p>Thread-safe.
 */
final class OwnerHashes {

    private static final String ALGORITHM = "HmacSHA256";

    private static final int KEY_BYTES = 32;

    private static final int HASH_LENGTH = 8;

    private final SecretKeySpec key;

    OwnerHashes(SecureRandom random) {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /** Eight hexadecimal digits, or {@code null} for the application. */
    @Nullable
    String of(OperationOwner owner) {
        if (owner.name().isEmpty()) {
            return null;
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] hash = mac.doFinal((owner.kind() + ":" + owner.name()).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, HASH_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
