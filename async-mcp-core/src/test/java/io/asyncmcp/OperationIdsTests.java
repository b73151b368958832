package io.asyncmcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    /** 26 characters of 32 kinds are 130 bits, if all of them are equally likely and none depends on another. */
    @Test
    void everyBitOfAnIdIsAsLikelyAsItsOppositeAndDependsOnNoOther() {
        int count = 20_000;
        int bits = 130;
        int[] ones = new int[bits];
        int[] sameAsNext = new int[bits];
        for (int i = 0; i < count; i++) {
            boolean[] id = bits(OperationIds.next());
            for (int bit = 0; bit < bits; bit++) {
                ones[bit] += id[bit] ? 1 : 0;
                sameAsNext[bit] += id[bit] == id[(bit + 1) % bits] ? 1 : 0;
            }
        }
        // Eight standard deviations: by chance that happens once in a million million runs.
        double most = 8 * Math.sqrt(count / 4.0);
        assertThat(IntStream.of(ones).boxed())
                .allSatisfy(each -> assertThat(Math.abs(each - count / 2.0)).isLessThan(most));
        assertThat(IntStream.of(sameAsNext).boxed())
                .allSatisfy(each -> assertThat(Math.abs(each - count / 2.0)).isLessThan(most));
    }

    @Test
    void idsOfOneMomentHaveNoMoreInCommonThanChance() {
        var ids = Stream.generate(OperationIds::next).limit(20_000).toList();
        long same = 0;
        for (int i = 1; i < ids.size(); i++) {
            for (int place = 0; place < 26; place++) {
                same += ids.get(i).charAt(place) == ids.get(i - 1).charAt(place) ? 1 : 0;
            }
        }
        double compared = 26.0 * (ids.size() - 1);
        assertThat(Math.abs(same - compared / 32)).isLessThan(8 * Math.sqrt(compared * 31 / 32 / 32));
    }

    private static boolean[] bits(String id) {
        boolean[] bits = new boolean[id.length() * 5];
        for (int i = 0; i < bits.length; i++) {
            int value = "0123456789abcdefghjkmnpqrstvwxyz".indexOf(id.charAt(i / 5));
            bits[i] = (value >> (i % 5) & 1) == 1;
        }
        return bits;
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
