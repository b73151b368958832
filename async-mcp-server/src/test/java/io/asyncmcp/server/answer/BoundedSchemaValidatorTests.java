package io.asyncmcp.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BoundedSchemaValidatorTests {

    private static final Map<String, Object> NUMBERS = Map.of(
            "type",
            "object",
            "additionalProperties",
            Map.of("type", "array", "items", Map.of("type", "integer")),
            "required",
            List.of("numbers"));

    private final BoundedSchemaValidator validator = BoundedSchemaValidator.get();

    private ValidationResponse check(Map<String, Object> schema, Object value) {
        return validator.validate(schema, value);
    }

    @Test
    void whatConformsIsToldAsJson() {
        ValidationResponse response = check(NUMBERS, Map.of("numbers", List.of(1, 2)));

        assertThat(response.valid()).isTrue();
        assertThat(response.jsonStructuredOutput()).isEqualTo("{\"numbers\":[1,2]}");
    }

    @Test
    void errorsSayWhatIsWrongAndWhere() {
        assertThat(check(NUMBERS, Map.of("numbers", List.of(1, "two"))).errorMessage())
                .contains("/numbers/1", "integer");
        assertThat(check(NUMBERS, Map.of()).errorMessage()).contains("numbers");
    }

    @Test
    void itemsAreUniqueAsTheSpecificationSays() {
        Map<String, Object> unique = Map.of("type", "array", "uniqueItems", true);
        Map<String, Object> ordered = new LinkedHashMap<>();
        ordered.put("a", 1);
        ordered.put("b", "x");
        Map<String, Object> otherwise = new LinkedHashMap<>();
        otherwise.put("b", "x");
        otherwise.put("a", 1);

        assertThat(check(unique, List.of("a", "b", 1, true, Map.of(), List.of()))
                        .valid())
                .isTrue();
        assertThat(check(unique, List.of("a", "a")).errorMessage()).contains("unique");
        assertThat(check(unique, List.of(List.of(ordered), List.of(otherwise))).valid())
                .isFalse();
        assertThat(check(Map.of("uniqueItems", false), List.of("a", "a")).valid())
                .isTrue();
        assertThat(check(unique, "no list").errorMessage()).doesNotContain("unique");
    }

    /** By the square of their number this would take minutes. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void itemsWithEqualHashesAreComparedAsQuicklyAsOthers() {
        List<String> equal = List.of("");
        for (int i = 0; i < 17; i++) {
            equal = equal.stream()
                    .flatMap(text -> Stream.of(text + "Aa", text + "BB"))
                    .toList();
        }
        assertThat(equal).extracting(Object::hashCode).containsOnly(equal.get(0).hashCode());

        assertThat(check(Map.of("uniqueItems", true), equal).valid()).isTrue();
    }

    @Test
    void errorsDoNotGrowWithWhatTheyAreAbout() {
        String name = "x".repeat(100_000);
        Map<String, Object> value = Map.of("numbers", List.of(), name, Collections.nCopies(100_000, "no number"));

        String message = check(NUMBERS, value).errorMessage();

        assertThat(message).hasSizeLessThan(2_000).endsWith("; and more");
    }

    @Test
    void alternativesAreWeighedWithoutAllTheirErrors() {
        Map<String, Object> either =
                Map.of("anyOf", List.of(Map.of("type", "array", "items", Map.of("type", "integer")), NUMBERS));

        assertThat(check(either, Collections.nCopies(100_000, "no number")).errorMessage())
                .hasSizeLessThan(4_000);
        assertThat(check(either, List.of(1, 2)).valid()).isTrue();
        assertThat(check(either, Map.of("numbers", List.of(3))).valid()).isTrue();
    }

    @Test
    void errorsStayOnOneLine() {
        Map<String, Object> value = Map.of("numbers", List.of(), "a\r\n2026-11-29 ERROR forged\u2028", List.of("x"));

        assertThat(check(NUMBERS, value).errorMessage()).doesNotContain("\r", "\n", "\u2028");
    }

    @Test
    void whatCannotBeReadIsNoErrorOfTheServer() {
        ValidationResponse response = check(NUMBERS, "no JSON {");

        assertThat(response.valid()).isFalse();
        assertThat(response.errorMessage()).isEqualTo("the schema or the value cannot be read");
    }

    @Test
    void sdkUsesItWhereTheApplicationHasNoneOfItsOwn() {
        BoundedSchemaValidator.install();
        BoundedSchemaValidator.install();

        assertThat(McpJsonDefaults.getSchemaValidator()).isSameAs(validator);
        assertThat(validator.validateSchema(Map.of("type", "no type")).valid()).isFalse();
        assertThat(validator.validateSchema(NUMBERS).valid()).isTrue();
    }
}
