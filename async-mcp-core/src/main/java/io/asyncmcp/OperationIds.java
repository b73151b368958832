package io.asyncmcp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Makes and hides operation ids.
 *
 * <p>An id is 26 characters of lower-case base 32 without look-alikes (no i, l, o, u): 130 bits from a
 * {@link SecureRandom}, and easy for a model to copy without error. Thread-safe.
 *
 * @since 0.1.0
 */
public final class OperationIds {

    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

    private static final int LENGTH = 26;

    private static final int HASH_LENGTH = 8;

    private static final SecureRandom RANDOM = new SecureRandom();

    private OperationIds() {}

    /**
     * Makes a new id.
     *
     * @return 26 characters
     */
    public static String next() {
        byte[] random = new byte[LENGTH];
        RANDOM.nextBytes(random);
        char[] id = new char[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            id[i] = ALPHABET[random[i] & 31];
        }
        return new String(id);
    }

    /**
     * Tells whether a text could be an id at all.
     *
     * @param text the text
     * @return {@code true} if its length and characters are those of an id
     */
    public static boolean isWellFormed(String text) {
        return text.length() == LENGTH && text.chars().allMatch(c -> c < 128 && new String(ALPHABET).indexOf(c) >= 0);
    }

    /**
     * Returns what a log may show of an id. The id itself is an anonymous caller's key and never goes to a log.
     *
     * @param id the id
     * @return 8 hexadecimal digits of its SHA-256 hash
     */
    public static String hash(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
