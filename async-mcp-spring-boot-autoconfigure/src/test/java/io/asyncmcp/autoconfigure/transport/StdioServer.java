package io.asyncmcp.autoconfigure.transport;

import io.asyncmcp.autoconfigure.badinput.UnwritableTools;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/** What a client starts as a child process and talks to over standard input and output. */
@SpringBootApplication(scanBasePackages = "none")
@Import({SlowToolContract.Tools.class, UnwritableTools.class})
class StdioServer {

    static final String[] PROPERTIES = {
        "--spring.main.web-application-type=none",
        "--spring.main.banner-mode=off",
        "--spring.ai.mcp.server.stdio=true",
        // Whatever else is written to standard output is no JSON-RPC.
        "--logging.threshold.console=off"
    };

    public static void main(String[] args) {
        new SpringApplicationBuilder(StdioServer.class).run(args);
    }
}
