package io.asyncmcp.server.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.asyncmcp.OperationOwner;
import io.asyncmcp.doubles.MutableClock;
import io.asyncmcp.server.modern.RequestStates.State;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestStatesTests {

    private static final Duration TTL = Duration.ofMinutes(10);

    private static final OperationOwner ALICE = OperationOwner.principal("alice");

    private static final OperationOwner ANONYMOUS = OperationOwner.session("alice");

    private static final byte[] DIGEST = RequestDigests.of("tools/call", Map.of("name", "report"));

    /** Every character of the encoding, and some that are none. */
    private static final String OTHERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ \u00e4";

    private static final String ID = "3k7f2m4q6t5v2xbzacdghjnprs";

    private final MutableClock clock = new MutableClock();

    private final RequestStates states = new RequestStates(new SecureRandom(), TTL, clock);

    private final JSONRPCError refusal = error(RequestStates.invalid());

    private static JSONRPCError error(Throwable e) {
        return ((McpError) e).getJsonRpcError();
    }

    private void assertRefused(String text, OperationOwner owner, byte[] digest) {
        assertRefusedBy(states, text, owner, digest);
    }

    private void assertRefusedBy(RequestStates by, String text, OperationOwner owner, byte[] digest) {
        McpError error = catchThrowableOfType(McpError.class, () -> by.open(text, owner, digest));
        assertThat(error).as("%s is refused", text).isNotNull();
        assertThat(error.getJsonRpcError()).isEqualTo(refusal);
    }

    /** Engines whose names make the text end with and without bits to spare. */
    @ParameterizedTest
    @ValueSource(strings = {"operation", "plain"})
    void comesBackAsItWas(String engine) {
        State state = new State(engine, ID);
        assertThat(states.open(states.seal(state, ALICE, DIGEST), ALICE, DIGEST))
                .isEqualTo(state);
        assertThat(states.open(states.seal(state, ANONYMOUS, DIGEST), ANONYMOUS, DIGEST))
                .isEqualTo(state);
    }

    @Test
    void refusalSaysWhatToDo() {
        assertThat(refusal.code()).isEqualTo(ErrorCodes.INVALID_PARAMS);
        assertThat(refusal.message()).contains("unchanged").contains("without");
    }

    @ParameterizedTest
    @ValueSource(strings = {"operation", "plain"})
    void everyBitOfEveryByteCounts(String engine) {
        String text = states.seal(new State(engine, ID), ALICE, DIGEST);
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(Base64.getUrlEncoder().withoutPadding().encodeToString(changed), ALICE, DIGEST);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"operation", "plain"})
    void everyCharacterCounts(String engine) {
        String text = states.seal(new State(engine, ID), ALICE, DIGEST);
        for (int i = 0; i < text.length(); i++) {
            for (char other : OTHERS.toCharArray()) {
                if (other != text.charAt(i)) {
                    assertRefused(text.substring(0, i) + other + text.substring(i + 1), ALICE, DIGEST);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"operation", "plain"})
    void neitherShorterNorLonger(String engine) {
        String text = states.seal(new State(engine, ID), ALICE, DIGEST);
        for (int length = 0; length < text.length(); length++) {
            assertRefused(text.substring(0, length), ALICE, DIGEST);
            assertRefused(text.substring(text.length() - length), ALICE, DIGEST);
        }
        for (String more : new String[] {"A", "AAAA", "=", "==", "\n", " ", text}) {
            assertRefused(text + more, ALICE, DIGEST);
        }
    }

    @Test
    void belongsToItsOwner() {
        String text = states.seal(new State("operation", ID), ALICE, DIGEST);
        assertRefused(text, OperationOwner.principal("bob"), DIGEST);
        assertRefused(text, OperationOwner.principal("Alice"), DIGEST);
        assertRefused(text, ANONYMOUS, DIGEST);
        assertRefused(
                states.seal(new State("operation", ID), OperationOwner.principal("anonymous"), DIGEST),
                ANONYMOUS,
                DIGEST);
        assertRefused(states.seal(new State("operation", ID), ANONYMOUS, DIGEST), ALICE, DIGEST);
    }

    /** The sessions of the other protocol versions are none here: every request of an anonymous caller has one of its own. */
    @Test
    void anonymousCallersAreToldApartByTheTextAlone() {
        State state = new State("operation", ID);
        assertThat(states.open(states.seal(state, ANONYMOUS, DIGEST), OperationOwner.session("other"), DIGEST))
                .isEqualTo(state);
    }

    @Test
    void belongsToItsRequest() {
        String text = states.seal(new State("operation", ID), ALICE, DIGEST);
        assertRefused(text, ALICE, RequestDigests.of("tools/call", Map.of("name", "other")));
        assertRefused(text, ALICE, RequestDigests.of("prompts/get", Map.of("name", "report")));
        assertRefused(text, ALICE, new byte[0]);
    }

    @Test
    void isGoodForAWhile() {
        State state = new State("operation", ID);
        String text = states.seal(state, ALICE, DIGEST);
        clock.advance(TTL);
        assertThat(states.open(text, ALICE, DIGEST)).isEqualTo(state);
        clock.advance(Duration.ofMillis(1));
        assertRefused(text, ALICE, DIGEST);
    }

    @Test
    void anotherProcessHasAnotherKey() {
        RequestStates other = new RequestStates(new SecureRandom(), TTL, clock);
        assertRefusedBy(other, states.seal(new State("operation", ID), ALICE, DIGEST), ALICE, DIGEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "state",
                "====",
                "AAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "{\"operation\": 1}",
                "\u0000\u4e16\ud83d\ude00"
            })
    void garbageIsRefused(String text) {
        assertRefused(text, ALICE, DIGEST);
        assertRefused(text.repeat(1000), ALICE, DIGEST);
    }

    @Test
    void longTextIsRefusedUnread() {
        assertRefused(states.seal(new State("x".repeat(1000), ID), ALICE, DIGEST), ALICE, DIGEST);
    }

    @Test
    void showsNothingOfWhatIsInIt() {
        String text = states.seal(new State("operation", ID), ALICE, DIGEST);
        String decoded = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.ISO_8859_1);
        for (String secret : new String[] {ID.substring(0, 8), ID.substring(18), "operation", "alice"}) {
            assertThat(text).doesNotContain(secret);
            assertThat(decoded).doesNotContain(secret);
        }
    }

    @Test
    void noTwoAreAlike() {
        State state = new State("operation", ID);
        String one = states.seal(state, ALICE, DIGEST);
        String other = states.seal(state, ALICE, DIGEST);
        assertThat(one).hasSameSizeAs(other);
        assertThat(one.substring(0, 16)).isNotEqualTo(other.substring(0, 16));
        assertThat(one.substring(16)).isNotEqualTo(other.substring(16));
    }
}
