package io.asyncmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.OperationRejectedException.Limit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OpenCallsTests {

    private static final OperationOwner ANN = OperationOwner.principal("ann");

    private static final OperationOwner BOB = OperationOwner.principal("bob");

    private static final OperationOwner CID = OperationOwner.principal("cid");

    private final OpenCalls calls = new OpenCalls(Limits.DEFAULTS.withMaxActiveBytes(1_000));

    private OperationRejectedException refusal(OperationOwner owner, @Nullable Object account, long weight) {
        return catchThrowableOfType(OperationRejectedException.class, () -> calls.open(owner, account, weight));
    }

    @Test
    void oneCallerHasItsShareAndAllTogetherTheWhole() {
        Runnable close = calls.open(ANN, null, 400);

        OperationRejectedException own = refusal(ANN, null, 101);
        assertThat(own.limit()).isEqualTo(Limit.OWNER);
        assertThat(own.retryAfter()).isPositive();
        calls.open(BOB, null, 500);
        assertThat(refusal(CID, null, 101).limit()).isEqualTo(Limit.TOTAL);

        close.run();
        assertThatCode(() -> calls.open(CID, null, 500)).doesNotThrowAnyException();
        assertThat(calls.taken()).isEqualTo(1_000);
    }

    @Test
    void callThatNeverFitsIsNotToBeMadeAgain() {
        assertThat(refusal(ANN, null, 501).retryAfter()).isZero();
    }

    @Test
    void sessionsOfOneAddressShareWhatOneMayHave() {
        calls.open(OperationOwner.session("one"), "address", 300);

        assertThat(refusal(OperationOwner.session("two"), "address", 201).limit())
                .isEqualTo(Limit.OWNER);
        assertThatCode(() -> calls.open(OperationOwner.session("three"), "elsewhere", 201))
                .doesNotThrowAnyException();
    }

    @Test
    void applicationMayHaveEverything() {
        assertThatCode(() -> calls.open(OperationOwner.APPLICATION, null, 1_000))
                .doesNotThrowAnyException();
    }

    @Test
    void withoutALimitNothingIsRefused() {
        OpenCalls unlimited = new OpenCalls(Limits.DEFAULTS.withMaxActiveBytes(0));

        assertThatCode(() -> unlimited.open(ANN, null, 1L << 40)).doesNotThrowAnyException();
    }
}
