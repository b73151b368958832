package io.asyncmcp.autoconfigure.transport;

import io.asyncmcp.autoconfigure.badinput.UnwritableTools;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** What a client starts as a child process and talks to over standard input and output. */
@SpringBootApplication(scanBasePackages = "none")
@Import({SlowToolContract.Tools.class, UnwritableTools.class})
class StdioServer {

    public static void main(String[] args) {
        StdioChild.serve(StdioServer.class, args);
    }

    /** Starts a server of this type, SYNC or ASYNC. */
    static List<String> command(String type) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                StdioServer.class.getName(),
                "--spring.ai.mcp.server.type=" + type);
    }

    static StdioClientTransport transport(String type) {
        List<String> command = command(type);
        ServerParameters child = ServerParameters.builder(command.get(0))
                .args(command.subList(1, command.size()))
                .build();
        return new StdioClientTransport(child, McpJsonDefaults.getMapper());
    }
}
