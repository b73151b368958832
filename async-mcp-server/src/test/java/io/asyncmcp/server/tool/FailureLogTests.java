package io.asyncmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationFailure.Reason;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FailureLogTests {

    private static final String ID = "dre6grewtqnfx0z68y3cgztrdr";

    private final Logger logger = (Logger) LoggerFactory.getLogger(FailureLog.class);

    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    private final FailureLog log = new FailureLog();

    @BeforeEach
    void listen() {
        events.start();
        logger.addAppender(events);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(events);
        logger.setLevel(null);
    }

    private static Operation failed(@Nullable OperationFailure failure, OperationStatus status) {
        return new Operation(
                ID,
                "report",
                OperationOwner.APPLICATION,
                status,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                List.of(),
                null,
                false,
                failure);
    }

    private void ended(Reason reason, @Nullable Throwable cause) {
        log.ended(
                failed(new OperationFailure(reason, "exceeded maximum lifetime PT10M", cause), OperationStatus.FAILED));
    }

    @Test
    void resultThatIsAnErrorIsOneLine() {
        FailureLog.returnedError("report");

        assertThat(events.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage())
                    .isEqualTo("Tool report returned an error; its caller was told which");
        });
    }

    @Test
    void whatWasThrownIsOneLineOfClassesAndPlaces() {
        ended(Reason.EXCEPTION, new IllegalStateException("secret year", new SQLException("secret table")));

        assertThat(events.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getThrowableProxy()).isNull();
            assertThat(event.getFormattedMessage())
                    .startsWith("Tool report failed (operation " + OperationIds.hash(ID)
                            + "): java.lang.IllegalStateException at "
                            + getClass().getName()
                            + ".whatWasThrownIsOneLineOfClassesAndPlaces(FailureLogTests.java:")
                    .contains(", caused by java.sql.SQLException at ")
                    .doesNotContain("secret", ID);
        });
    }

    @Test
    void whoeverWantsTheTraceGetsItInTheSameEvent() {
        logger.setLevel(Level.DEBUG);
        ended(Reason.EXCEPTION, new IllegalStateException("year", new SQLException("table")));

        assertThat(events.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getThrowableProxy().getMessage()).isEqualTo("year");
            assertThat(event.getThrowableProxy().getCause().getMessage()).isEqualTo("table");
        });
    }

    @Test
    void endOfTheLifetimeIsLogged() {
        ended(Reason.LIFETIME_EXCEEDED, null);
        assertThat(events.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .endsWith(": exceeded maximum lifetime PT10M");
    }

    /** Its trace has a thousand lines, and a client may choose what overflows. */
    @Test
    void stackThatOverflowsIsOneLine() {
        ended(Reason.EXCEPTION, new StackOverflowError());

        assertThat(events.list).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).contains("Tool report failed", "java.lang.StackOverflowError at ");
            assertThat(event.getThrowableProxy()).isNull();
        });
    }

    @Test
    void whatIsLoggedElsewhereOrIsNoFailureIsLeftOut() {
        ended(Reason.ERROR_RESULT, null);
        ended(Reason.NOT_STARTED, new IllegalStateException("no thread"));
        ended(Reason.EXCEPTION, new OutOfMemoryError("heap"));
        log.ended(failed(null, OperationStatus.CANCELLED));
        log.ended(failed(null, OperationStatus.COMPLETED));
        assertThat(events.list).isEmpty();
    }
}
