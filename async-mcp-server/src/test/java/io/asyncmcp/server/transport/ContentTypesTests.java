package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTypesTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                "application/json;charset=UTF-8",
                "application/json; charset=\"utf-8\"; q=1",
                "application/vnd.example+json"
            })
    void jsonIsTaken(String value) {
        assertThat(ContentTypes.isJson(List.of(value))).isTrue();
    }

    /** What a page can send without asking; and encodings in which the text is not what its bytes look like. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "text/plain",
                "text/plain;application/json",
                "text/plain; x=application/json",
                "text/plain, application/json",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=application/json",
                "text/json",
                "json",
                "application/jsonp",
                "application/json; charset=UTF-16",
                "application/json;CHARSET=ibm037",
                "application/json; charset=iso-8859-1"
            })
    void everythingElseIsRefused(String value) {
        assertThat(ContentTypes.isJson(List.of(value))).isFalse();
        assertThat(ContentTypes.isJson(List.of("application/json", value))).isFalse();
    }

    @Test
    void nothingIsRefusedAndSoIsWhatHasNoEnd() {
        assertThat(ContentTypes.isJson(List.of())).isFalse();
        assertThat(ContentTypes.isJson(List.of("application/json" + ";".repeat(1_000_000))))
                .isFalse();
    }
}
