package io.asyncmcp.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationFailure.Reason;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;

class FailureTextsTests {

    private static final String WORDS = "the year must not be 1969";

    private static String told(Throwable thrown) {
        return FailureTexts.of(new OperationFailure(Reason.EXCEPTION, String.valueOf(thrown.getMessage()), thrown));
    }

    private static final class QuotaExceeded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        QuotaExceeded(String message) {
            super(message);
        }
    }

    private static final class ReportLocked extends IOException {
        private static final long serialVersionUID = 1L;

        ReportLocked(String message) {
            super(message);
        }
    }

    private static final class DriverException extends SQLException {
        private static final long serialVersionUID = 1L;

        DriverException(String message) {
            super(message);
        }
    }

    private static final class Speechless extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no words");
        }
    }

    static Stream<Throwable> thrownForTheCaller() {
        return Stream.of(
                new IllegalArgumentException(WORDS),
                new IllegalStateException(WORDS),
                new UnsupportedOperationException(WORDS),
                new CancellationException(WORDS),
                new SecurityException(WORDS),
                new RuntimeException(WORDS),
                new Exception(WORDS),
                new QuotaExceeded(WORDS),
                new ReportLocked(WORDS),
                new IOException(WORDS),
                McpError.builder(-32602).message(WORDS).build(),
                new IllegalStateException(WORDS, new SQLException("relation users does not exist")),
                new CompletionException(new IllegalStateException(WORDS)),
                new ExecutionException(new CompletionException(new QuotaExceeded(WORDS))));
    }

    @ParameterizedTest
    @MethodSource("thrownForTheCaller")
    void whatIsThrownForTheCallerIsTold(Throwable thrown) {
        assertThat(told(thrown)).isEqualTo(WORDS);
    }

    static Stream<Throwable> inside() {
        String words = "secret";
        return Stream.of(
                new SQLException(words),
                new SQLTransientConnectionException(words),
                new DriverException(words),
                new ClassNotFoundException(words),
                new NoSuchMethodException(words),
                new NoClassDefFoundError(words),
                new AssertionError(words),
                new NullPointerException(words),
                new ClassCastException(words),
                new IndexOutOfBoundsException(words),
                new FileNotFoundException(words),
                new NoSuchFileException(words),
                new ConnectException(words),
                new UncheckedIOException(words, new IOException(words)),
                new BeanCreationException(words),
                new NoSuchBeanDefinitionException(words),
                new CompletionException(new SQLException(words)),
                new RuntimeException(new SQLException(words)),
                new RuntimeException("Failed: " + words, new SQLException(words)),
                new IllegalStateException(
                        "no report: " + words, new IllegalStateException("x", new SQLException(words))),
                new IllegalStateException(" "),
                new IllegalStateException((String) null),
                new Speechless());
    }

    @ParameterizedTest
    @MethodSource("inside")
    void whatDescribesTheInsideOfTheServerIsKeptBack(Throwable thrown) {
        assertThat(FailureTexts.of(new OperationFailure(Reason.EXCEPTION, "secret", thrown)))
                .isEqualTo("an internal error");
    }

    private static Throwable thrownBy(Callable<?> action) {
        try {
            action.call();
        } catch (Throwable e) {
            return e;
        }
        throw new AssertionError("nothing was thrown");
    }

    @Test
    void plainIoExceptionsOfTheJdkAreKeptBack() {
        assertThat(told(thrownBy(() -> new ProcessBuilder("/opt/secret/renderer").start())))
                .isEqualTo("an internal error");
        assertThat(told(thrownBy(() -> Files.readString(Path.of("/opt/secret")))))
                .isEqualTo("an internal error");
    }

    @Test
    void whatTheJdkSaysOfAnArgumentIsTold() {
        assertThat(told(thrownBy(() -> UUID.fromString("no-uuid")))).contains("no-uuid");
        assertThat(told(thrownBy(() -> LocalDate.parse("tomorrow")))).contains("tomorrow");
        assertThat(told(thrownBy(() -> Integer.parseInt("ten")))).contains("ten");
        assertThat(told(thrownBy(() -> Thread.State.valueOf("a.B")))).isEqualTo("No enum constant Thread.State.a.B");
    }

    @Test
    void longTextsAreCut() {
        assertThat(told(new IllegalStateException("x".repeat(100_000)))).hasSizeBetween(2000, 2100);
    }

    /** Empty lists are three bytes of JSON and some fifty of memory. */
    @Test
    void dataOfAChosenErrorIsKeptUpToALimitOfMemory() {
        assertThat(keptData(Map.of("field", "name"))).isEqualTo(Map.of("field", "name"));
        assertThat(keptData("x".repeat(20_000))).isNull();
        assertThat(keptData(Collections.nCopies(4_000, List.of()))).isNull();
    }

    private static Object keptData(Object data) {
        McpError error = new McpError(new JSONRPCError(-32000, "no", data));
        OperationFailure kept = FailureTexts.kept(new OperationFailure(Reason.EXCEPTION, "no", error));
        return FailureTexts.reported(kept).getJsonRpcError().data();
    }

    @Test
    void failureOfAnotherProcessHasItsMessageAlone() {
        assertThat(FailureTexts.of(new OperationFailure(Reason.LIFETIME_EXCEEDED, WORDS, null)))
                .isEqualTo(WORDS);
        assertThat(FailureTexts.of(null)).isEqualTo("the tool returned no result");
    }
}
