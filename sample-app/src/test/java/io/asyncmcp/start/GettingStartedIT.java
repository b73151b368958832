package io.asyncmcp.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The README's first steps, followed to the letter. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        classes = GettingStartedIT.App.class,
        properties = {"spring.ai.mcp.server.protocol=STREAMABLE", "spring.config.name=not-the-sample"})
class GettingStartedIT {

    @Configuration
    @EnableAutoConfiguration
    @Import(ReportTools.class)
    static class App {}

    @LocalServerPort
    private int port;

    @Test
    void toolOfTheReadmeAnswers() {
        var transport = HttpClientStreamableHttpTransport.builder("http://localhost:" + port)
                .build();
        try (var client = McpClient.sync(transport).build()) {
            client.initialize();
            var result = client.callTool(new CallToolRequest("yearly_report", Map.of("year", 2025), null));
            assertThat(((TextContent) result.content().get(0)).text()).isEqualTo("The report of 2025 is written.");
        }
    }

    @Test
    void codeOfTheReadmeIsThisCode() throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/asyncmcp/start/ReportTools.java"));
        Matcher code =
                Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(Path.of("../README.md")));
        assertThat(code.find()).isTrue();
        do {
            assertThat(words(source)).contains(words(code.group(1)));
        } while (code.find());
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
