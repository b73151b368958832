package io.asyncmcp.sample.client;

import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** Shows a client what a tool does that takes longer than the client waits. */
public final class TryIt {

    private static final double WANTED_SECONDS = 40;

    private final Timeline timeline;

    private final SampleClient client;

    private TryIt(Timeline timeline, SampleClient client) {
        this.timeline = timeline;
        this.client = client;
    }

    /**
     * Drives the running sample.
     *
     * @param args the server's address and the file for the picture; {@code http://localhost:8080} and {@code
     *     target/fractal.png} by default
     */
    public static void main(String[] args) {
        ClientLogging.onlyWarnings();
        String url = args.length > 0 ? args[0] : "http://localhost:8080";
        Path file = Path.of(args.length > 1 ? args[1] : "target/fractal.png");
        Conversation.run(url, (client, timeline) -> {
            TryIt tryIt = new TryIt(timeline, client);
            tryIt.connect(url);
            tryIt.callQuickTools();
            tryIt.renderSlowly(file);
            tryIt.publish();
            timeline.say("done");
        });
    }

    private void connect(String url) {
        InitializeResult server = client.sdk().initialize();
        timeline.say(
                "connected to %s %s at %s; this client gives up on a request after %d s",
                server.serverInfo().name(),
                server.serverInfo().version(),
                url,
                SampleClient.REQUEST_TIMEOUT.toSeconds());
        timeline.say(
                "tools: %s",
                client.sdk().listTools().tools().stream()
                        .map(Tool::name)
                        .sorted()
                        .collect(Collectors.joining(", ")));
    }

    private void callQuickTools() {
        timeline.say("--> echo, an ordinary tool");
        timeline.say("<-- %s", client.call("echo", Map.of("message", "hello")).text());
        timeline.say("--> analyze_text, an asynchronous tool that happens to be quick");
        Answer analysis = client.callToTheEnd("analyze_text", Map.of());
        timeline.say("<-- answered at once: %s words in %s", analysis.field("words"), analysis.field("source"));
    }

    private void renderSlowly(Path file) throws IOException {
        timeline.say("--> render_fractal, small, to see how fast this machine is");
        double measured = new FractalWork(client).measure();
        timeline.say("<-- a small picture takes %.2f s here", measured);
        Map<String, Object> arguments = FractalWork.lasting(WANTED_SECONDS, measured);
        timeline.say(
                "--> render_fractal, %s x %s pixels with %s samples each way and %s iterations: about %.0f s if this machine stays as free",
                arguments.get("width"),
                arguments.get("height"),
                arguments.get("supersampling"),
                arguments.get("maxIterations"),
                WANTED_SECONDS);
        double start = timeline.seconds();
        Answer answer = client.callToTheEnd("render_fractal", arguments);
        double took = timeline.seconds() - start;
        timeline.say("<-- the result, %.1f s after the call: %s", took, answer.text());
        timeline.say("    saved as %s", Picture.save(answer.image(), file));
        if (took <= SampleClient.REQUEST_TIMEOUT.toSeconds()) {
            timeline.say("    quicker than foreseen: this client could have waited for it, so run it again");
        }
    }

    private void publish() {
        timeline.say("--> publish_page, which asks before it writes");
        Answer answer = client.callToTheEnd(
                "publish_page", Map.of("title", "Hello", "body", "# It works\n\nThis page was agreed to."));
        timeline.say("<-- %s", answer.text());
    }
}
