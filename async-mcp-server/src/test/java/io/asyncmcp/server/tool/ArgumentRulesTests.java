package io.asyncmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ArgumentRulesTests {

    record Box(List<Object> content) {}

    private static String violatedBy(Class<?> type, String json) {
        Throwable error = catchThrowable(() -> JsonMapper.builder().build().readValue(json, type));
        return ArgumentRules.violated("tool", "x", type, new IllegalStateException(error));
    }

    @Test
    void namesWhatAPlainValueMustBe() {
        assertThat(violatedBy(int.class, "1e300"))
                .isEqualTo("argument x of tool must be a whole number from -2147483648 to 2147483647");
        assertThat(violatedBy(boolean.class, "[]")).isEqualTo("argument x of tool must be true or false");
    }

    @Test
    void namesTheConstantsOfAnEnumeration() {
        assertThat(violatedBy(TimeUnit.class, "\"AEON\""))
                .startsWith("argument x of tool must be one of NANOSECONDS, MICROSECONDS,");
    }

    @Test
    void namesThePlaceWithinAnArgument() {
        assertThat(violatedBy(Box.class, "{\"content\": 5}"))
                .isEqualTo("argument x.content of tool must be a list as the input schema describes it");
        assertThat(violatedBy(Box.class, "5"))
                .isEqualTo("argument x of tool must be an object as the input schema describes it");
    }

    @Test
    void errorOfAnotherKindIsBlamedOnTheWholeArgument() {
        assertThat(ArgumentRules.violated("tool", "x", long.class, new NumberFormatException("java.lang.Long")))
                .isEqualTo(
                        "argument x of tool must be a whole number from -9223372036854775808 to 9223372036854775807");
    }
}
