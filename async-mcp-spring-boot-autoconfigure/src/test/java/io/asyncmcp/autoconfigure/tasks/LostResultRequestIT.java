package io.asyncmcp.autoconfigure.tasks;

import static io.asyncmcp.autoconfigure.tasks.TaskWire.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.autoconfigure.transport.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A client that goes away while it waits for a result is an everyday thing. */
@ExtendWith(OutputCaptureExtension.class)
class LostResultRequestIT {

    @Test
    void endsWithoutAWordInTheLog(CapturedOutput output) throws Exception {
        try (TestServer server = TestServer.start(
                        WebApplicationType.REACTIVE,
                        TaskTools.Config.class,
                        "spring.ai.mcp.server.protocol=STREAMABLE",
                        "async.mcp.max-wait=300ms",
                        "logging.level.io.modelcontextprotocol=off");
                TaskWire client = TaskWire.connect(server)) {
            AsyncExecutor executor = server.bean(AsyncExecutor.class);
            String taskId = client.start("held", "{\"name\": \"lost\"}");
            TaskWire.Sent waiting = client.awaitResult(taskId);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> executor.statistics().waiting() == 1);

            waiting.vanish();

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> executor.statistics().waiting() == 0);
            server.bean(TaskTools.class).release("lost");
            assertThat(TaskWire.text(client.result("tasks/result", id(taskId)))).isEqualTo("held lost");
            assertThat(output).doesNotContain(" ERROR ");
        }
    }
}
