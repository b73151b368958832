package io.asyncmcp.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTests {

    @Test
    void namesTheStreamAndTheEvent() {
        assertThat(EventId.of("3-17")).isEqualTo(new EventId("3", 17));
        assertThat(EventId.of("3-17").isOfListening()).isFalse();
        assertThat(EventId.of("L4-1").isOfListening()).isTrue();
        assertThat(EventId.stream(4, true)).isEqualTo("L4");
        assertThat(EventId.stream(3, false)).isEqualTo("3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "3", "-3", "3-", "3-x", "3-4-5", "3-99999999999999999999"})
    void idOfAnotherServer(String id) {
        assertThat(EventId.of(id)).isNull();
    }

    @Test
    void longIdIsNotLookedAt() {
        assertThat(EventId.of("3-" + "0".repeat(50))).isNull();
    }
}
