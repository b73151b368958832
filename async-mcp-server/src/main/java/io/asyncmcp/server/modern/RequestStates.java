package io.asyncmcp.server.modern;

import io.asyncmcp.OperationOwner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and reads {@code requestState}: which operation goes on when the client has answered, encrypted, authenticated,
 * bound to owner and request, and good for a limited time.
 *
 * <p>The key lives as long as the process, as the operations do. Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr">Multi round-trip requests</a>
 */
final class RequestStates {

    private static final String ALGORITHM = "AES/GCM/NoPadding";

    private static final int NONCE_BYTES = 12;

    private static final int TAG_BITS = 128;

    /** Several times as long as any of ours. A longer text is not looked at. */
    private static final int MAX_LENGTH = 512;

    private final SecureRandom random;

    private final SecretKeySpec key;

    private final Duration ttl;

    private final Clock clock;

    RequestStates(SecureRandom random, Duration ttl, Clock clock) {
        this.random = random;
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, "AES");
        this.ttl = ttl;
        this.clock = clock;
    }

    /**
     * What goes on.
     *
     * @param engine the name of the engine it runs on
     * @param operationId the operation
     */
    record State(String engine, String operationId) {}

    String seal(State state, OperationOwner owner, byte[] requestDigest) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] text = (state.engine() + ":" + state.operationId()).getBytes(StandardCharsets.UTF_8);
        long expiry = clock.instant().plus(ttl).toEpochMilli();
        byte[] plain = ByteBuffer.allocate(Long.BYTES + text.length)
                .putLong(expiry)
                .put(text)
                .array();
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, nonce, owner, requestDigest).doFinal(plain);
            return encoded(ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /**
     * Reads a state.
     *
     * @throws io.modelcontextprotocol.spec.McpError if it is not of our making, was made for another owner or request, or is
     *     too old; nobody is told which
     */
    State open(String text, OperationOwner owner, byte[] requestDigest) {
        if (text.length() > MAX_LENGTH) {
            throw invalid();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            // Some JDKs throw something else if there is not even a tag. And Base64 has several texts for the same
            // bytes.
            if (bytes.length < NONCE_BYTES + TAG_BITS / Byte.SIZE
                    || !encoded(bytes).equals(text)) {
                throw invalid();
            }
            byte[] nonce = new byte[NONCE_BYTES];
            ByteBuffer buffer = ByteBuffer.wrap(bytes).get(nonce);
            byte[] plain = cipher(Cipher.DECRYPT_MODE, nonce, owner, requestDigest)
                    .doFinal(bytes, buffer.position(), buffer.remaining());
            ByteBuffer content = ByteBuffer.wrap(plain);
            long expiry = content.getLong();
            String[] state = StandardCharsets.UTF_8.decode(content).toString().split(":", 2);
            if (clock.millis() > expiry) {
                throw invalid();
            }
            return new State(state[0], state[1]);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw invalid();
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static RuntimeException invalid() {
        return ModernErrors.invalidParams(
                "requestState is not valid for this request. It must come back unchanged, with the"
                        + " same request by the same caller, and in time. Call again without it and without inputResponses.");
    }

    private Cipher cipher(int mode, byte[] nonce, OperationOwner owner, byte[] requestDigest)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(ALGORITHM);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(requestDigest);
        // Nothing ties the requests of an anonymous caller together but this very text.
        String who = owner.kind() == OperationOwner.Kind.PRINCIPAL ? "principal:" + owner.name() : "anonymous";
        cipher.updateAAD(who.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
