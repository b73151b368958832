package io.asyncmcp.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DefectLogTests {

    private final Logger logger = (Logger) LoggerFactory.getLogger(DefectLogTests.class);

    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    private final DefectLog defects = new DefectLog(logger);

    @BeforeEach
    void listen() {
        events.start();
        logger.addAppender(events);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(events);
    }

    private static IOException fromOnePlace(String message) {
        return new IOException(message);
    }

    @Test
    void traceIsLoggedOnceForEachPlace() {
        defects.log("It failed", fromOnePlace("first"));
        defects.log("It failed", fromOnePlace("second\nERROR forged"));
        defects.log("It failed", new IllegalStateException("elsewhere"));

        assertThat(events.list).hasSize(3);
        assertThat(events.list.get(0).getThrowableProxy().getMessage()).isEqualTo("first");
        assertThat(events.list.get(1).getThrowableProxy()).isNull();
        assertThat(events.list.get(1).getFormattedMessage())
                .startsWith("It failed: java.io.IOException at " + DefectLogTests.class.getName() + ".fromOnePlace(")
                .doesNotContain("forged");
        assertThat(events.list.get(2).getThrowableProxy()).isNotNull();
    }

    @Test
    void defectWithoutAReason() {
        defects.log("It failed", null);
        assertThat(events.list).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).isEqualTo("It failed");
            assertThat(event.getThrowableProxy()).isNull();
        });
    }
}
