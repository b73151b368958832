package io.asyncmcp.autoconfigure.transport;

import io.asyncmcp.autoconfigure.badinput.UnwritableTools;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** What a client starts as a child process and talks to over standard input and output. */
@SpringBootApplication(scanBasePackages = "none")
@Import({SlowToolContract.Tools.class, UnwritableTools.class})
class StdioServer {

    public static void main(String[] args) {
        StdioChild.serve(StdioServer.class, args);
    }
}
