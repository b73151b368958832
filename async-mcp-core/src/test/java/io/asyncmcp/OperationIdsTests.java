package io.asyncmcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationIdsTests {

    @Test
    void idsAreDistinctAndOfOneShape() {
        assertThat(Stream.generate(OperationIds::next).limit(100_000).collect(Collectors.toSet()))
                .hasSize(100_000)
                .allMatch(id -> id.matches("[0-9a-hjkmnp-tv-z]{26}"))
                .allMatch(OperationIds::isWellFormed);
    }

    @Test
    void everyCharacterOfTheAlphabetOccursAtEveryPlace() {
        var ids = Stream.generate(OperationIds::next).limit(5_000).toList();

        for (int i = 0; i < 26; i++) {
            int place = i;
            assertThat(ids.stream().map(id -> id.charAt(place)).distinct()).hasSize(32);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0123456789abcdefghjkmnpqr",
                "0123456789abcdefghjkmnpqrst",
                "0123456789ABCDEFGHJKMNPQRS",
                "i123456789abcdefghjkmnpqrs",
                "o123456789abcdefghjkmnpqrs",
                "\u0661123456789abcdefghjkmnpqrs",
                "../../../../../etc/passwd0"
            })
    void textThatIsNoIdIsNotWellFormed(String text) {
        assertThat(OperationIds.isWellFormed(text)).isFalse();
    }

    @Test
    void hashIsShortStableAndNotTheId() {
        String hash = OperationIds.hash("0123456789abcdefghjkmnpqrs");

        assertThat(hash).matches("[0-9a-f]{8}").isEqualTo(OperationIds.hash("0123456789abcdefghjkmnpqrs"));
        assertThat(OperationIds.hash("1123456789abcdefghjkmnpqrs")).isNotEqualTo(hash);
        assertThat(OperationIds.hash("abc")).as("SHA-256 of the UTF-8 text").isEqualTo("ba7816bf");
    }
}
