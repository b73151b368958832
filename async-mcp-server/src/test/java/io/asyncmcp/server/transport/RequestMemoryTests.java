package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.OperationRejectedException.Limit;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestMemoryTests {

    private static final OperationOwner ANN = OperationOwner.principal("ann");

    private static final OperationOwner BOB = OperationOwner.principal("bob");

    private static final OperationOwner CID = OperationOwner.principal("cid");

    private final RequestMemory calls = new RequestMemory(Limits.DEFAULTS.withMaxActiveBytes(1_000));

    private OperationRejectedException refusal(OperationOwner owner, long weight) {
        return catchThrowableOfType(OperationRejectedException.class, () -> calls.open(owner, weight));
    }

    @Test
    void oneCallerHasItsShareAndAllTogetherTheWhole() {
        Runnable close = calls.open(ANN, 400);

        OperationRejectedException own = refusal(ANN, 101);
        assertThat(own.limit()).isEqualTo(Limit.OWNER);
        assertThat(own.retryAfter()).isPositive();
        calls.open(BOB, 500);
        assertThat(refusal(CID, 101).limit()).isEqualTo(Limit.TOTAL);

        close.run();
        assertThatCode(() -> calls.open(CID, 500)).doesNotThrowAnyException();
        assertThat(calls.taken()).isEqualTo(1_000);
    }

    @Test
    void callThatNeverFitsIsNotToBeMadeAgain() {
        assertThat(refusal(ANN, 501).retryAfter()).isZero();
    }

    @Test
    void sessionsOfOneAddressShareWhatOneMayHave() {
        calls.open(OperationOwner.session("one").from("address"), 300);

        assertThat(refusal(OperationOwner.session("two").from("address"), 201).limit())
                .isEqualTo(Limit.OWNER);
        assertThatCode(() -> calls.open(OperationOwner.session("three").from("elsewhere"), 201))
                .doesNotThrowAnyException();
    }

    @Test
    void applicationMayHaveEverything() {
        assertThatCode(() -> calls.open(OperationOwner.APPLICATION, 1_000)).doesNotThrowAnyException();
    }

    @Test
    void requestWeighsTwiceWhatItSays() {
        long empty = RequestMemory.weigh((Object) null);
        String text = "x".repeat(1_000);

        assertThat(RequestMemory.weigh(Map.of("a", text))).isBetween(empty + 2_000, empty + 2_600);
        assertThat(RequestMemory.weigh(Map.of(), Map.of("a", text))).isBetween(empty + 2_000, empty + 2_900);
    }

    @Test
    void whatIsClosedTwiceIsGivenBackOnce() {
        Runnable close = calls.open(ANN, 400);
        calls.open(ANN, 100);

        close.run();
        close.run();

        assertThat(calls.taken()).isEqualTo(100);
    }

    @Test
    void withoutALimitNothingIsRefused() {
        RequestMemory unlimited = new RequestMemory(Limits.DEFAULTS.withMaxActiveBytes(0));

        assertThatCode(() -> unlimited.open(ANN, 1L << 40)).doesNotThrowAnyException();
    }
}
