package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryStringsTests {

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "sessionId=0c2f-1", "a=%20b+c&d=%C3%A4&e", "token=a%2Fb%3D%3D"})
    void whatCanBeDecodedIsReadable(String query) {
        assertThat(QueryStrings.isReadable(query)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=%",
                "a=%z1",
                "a=%1",
                "a=%0aforged",
                "a=%0d",
                "a=%1b",
                "a=%7f",
                "a=%ff",
                "a=%c3",
                "a=%c2%85",
                "a=\u00e4",
                "a=\u0001"
            })
    void whatCannotIsNot(String query) {
        assertThat(QueryStrings.isReadable(query)).isFalse();
    }

    @Test
    void longOnesAreNot() {
        assertThat(QueryStrings.isReadable("a=" + "x".repeat(4_000))).isTrue();
        assertThat(QueryStrings.isReadable("a=" + "x".repeat(5_000))).isFalse();
        assertThat(QueryStrings.isReadable("a&".repeat(99))).isTrue();
        assertThat(QueryStrings.isReadable("a&".repeat(100))).isFalse();
        assertThat(QueryStrings.isReadable("=x")).isFalse();
        assertThat(QueryStrings.isReadable("a=b&=x")).isFalse();
        assertThat(QueryStrings.isReadable("a=b=c")).isTrue();
    }
}
