package io.asyncmcp.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogFollowersTests {

    @Test
    void messageThatIsTooLongIsCut() {
        List<LoggingMessageNotification> heard = new ArrayList<>();
        LogFollowers followers = new LogFollowers(100);
        followers.add(heard::add);
        LoggingMessageNotification small =
                new LoggingMessageNotification(LoggingLevel.INFO, "tool", "short", Map.of("a", "b"));

        followers.log(small);
        followers.log(new LoggingMessageNotification(
                LoggingLevel.ERROR, "t".repeat(1_000), "x".repeat(1_000), Map.of("a", "b".repeat(1_000))));

        assertThat(heard.get(0)).isEqualTo(small);
        assertThat(heard.get(1).level()).isEqualTo(LoggingLevel.ERROR);
        assertThat(heard.get(1).logger()).hasSize(100).endsWith("...");
        assertThat(heard.get(1).data()).hasSize(100).endsWith("...");
        assertThat(heard.get(1).meta()).isNull();
    }
}
