package io.asyncmcp.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.server.transport.RequestBodies;
import io.modelcontextprotocol.json.McpJsonDefaults;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each line that the SDK reads is a message, however the lines came. */
class StdioMessagesTests {

    private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();

    /** Reads as the SDK does. */
    private List<String> read(String input) {
        StdioMessages messages = new StdioMessages(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                answers,
                McpJsonDefaults.getMapper(),
                new RequestBodies(100_000, 10_000_000, 1, Ticker.disabledTicker()));
        return new BufferedReader(new InputStreamReader(messages, StandardCharsets.UTF_8))
                .lines()
                .toList();
    }

    private String answered() {
        return answers.toString(StandardCharsets.UTF_8);
    }

    @Test
    void carriageReturnsEndNoLine() {
        assertThat(read("\r" + PING + "\n" + PING.replace(",", ",\r") + "\n" + PING + "\r\r\n" + PING + "\r\n\r\n\r"))
                .hasSize(4)
                .allSatisfy(line -> assertThat(line.replace(" ", "")).isEqualTo(PING));
        assertThat(answered()).isEmpty();
    }

    @Test
    void oneMessageIsOnALine() {
        assertThat(read(PING + "\r" + PING + "\n" + PING.replace("ping", "pi\rng") + "\n" + PING + "\n"))
                .containsExactly(PING);
        assertThat(answered()).hasLineCount(2).contains("-32700");
    }

    @Test
    void whatIsNoMessageIsAnsweredAndReadingGoesOn() {
        assertThat(read("{\n[]\n" + PING + "\n" + "x".repeat(100_001) + "\n" + PING))
                .containsExactly(PING, PING);
        assertThat(answered()).hasLineCount(3);
    }
}
