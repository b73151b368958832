package io.asyncmcp.server.tool;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.exc.MismatchedInputException;

/** Explains in JSON terms why an argument does not fit: schemas allow more than Java, such as numbers above {@code int}. */
final class ArgumentRules {

    private static final String TIME = "a time with its zone, such as 2026-01-31T12:00:00Z";

    private static final Map<Class<?>, String> FORMS = Map.ofEntries(
            Map.entry(Byte.class, wholeNumber(Byte.MIN_VALUE, Byte.MAX_VALUE)),
            Map.entry(Short.class, wholeNumber(Short.MIN_VALUE, Short.MAX_VALUE)),
            Map.entry(Integer.class, wholeNumber(Integer.MIN_VALUE, Integer.MAX_VALUE)),
            Map.entry(Long.class, wholeNumber(Long.MIN_VALUE, Long.MAX_VALUE)),
            Map.entry(BigInteger.class, "a whole number"),
            Map.entry(Float.class, "a number"),
            Map.entry(Double.class, "a number"),
            Map.entry(BigDecimal.class, "a number"),
            Map.entry(Boolean.class, "true or false"),
            Map.entry(Character.class, "a single character"),
            Map.entry(String.class, "a text"),
            Map.entry(UUID.class, "a UUID"),
            Map.entry(URI.class, "a URI"),
            Map.entry(URL.class, "a URL"),
            Map.entry(LocalDate.class, "a date such as 2026-01-31"),
            Map.entry(LocalTime.class, "a time such as 12:00:00"),
            Map.entry(LocalDateTime.class, "a date and time such as 2026-01-31T12:00:00"),
            Map.entry(Instant.class, TIME),
            Map.entry(OffsetDateTime.class, TIME),
            Map.entry(ZonedDateTime.class, TIME),
            Map.entry(Duration.class, "a duration such as PT30S"));

    private ArgumentRules() {}

    /** Names the argument and the rule, but not the value: the text can end up in a trace. */
    static String violated(String tool, String argument, Type type, Throwable error) {
        JacksonException origin = origin(error);
        List<JacksonException.Reference> path = origin == null ? List.of() : origin.getPath();
        Class<?> wanted = path.isEmpty() ? ResolvableType.forType(type).toClass() : wanted(origin);
        return "argument " + argument + path(path) + " of " + tool + " must be " + form(wanted);
    }

    private static @Nullable JacksonException origin(@Nullable Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof JacksonException jackson) {
                return jackson;
            }
        }
        return null;
    }

    private static String path(List<JacksonException.Reference> path) {
        return path.stream()
                .map(step ->
                        step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                .collect(Collectors.joining());
    }

    private static @Nullable Class<?> wanted(@Nullable JacksonException origin) {
        if (origin instanceof MismatchedInputException mismatch) {
            return mismatch.getTargetType();
        }
        if (origin instanceof InputCoercionException coercion) {
            return coercion.getTargetType();
        }
        return null;
    }

    private static String form(@Nullable Class<?> type) {
        if (type == null) {
            return "what the input schema asks for";
        }
        String known = FORMS.get(ClassUtils.resolvePrimitiveIfNecessary(type));
        if (known != null) {
            return known;
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name())
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return "a list as the input schema describes it";
        }
        return "an object as the input schema describes it";
    }

    private static String wholeNumber(long smallest, long largest) {
        return "a whole number from " + smallest + " to " + largest;
    }
}
