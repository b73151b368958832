package io.asyncmcp.sample.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Waits for a picture that takes longer than a minute and a half, through requests of at most 20 seconds each. */
public final class LongRender {

    private static final double AT_LEAST_SECONDS = 90;

    /** Far enough above, because a processor that was busy while it was measured may get quicker. */
    private static final double WANTED_SECONDS = 130;

    private LongRender() {}

    /**
     * Renders on the running sample, and exits with 1 if that fails or takes less than 90 seconds.
     *
     * @param args the server's address and the file for the picture; {@code http://localhost:8080} and {@code
     *     target/long-render.png} by default
     */
    public static void main(String[] args) {
        ClientLogging.onlyWarnings();
        String url = args.length > 0 ? args[0] : "http://localhost:8080";
        Path file = Path.of(args.length > 1 ? args[1] : "target/long-render.png");
        Conversation.run(url, (client, timeline) -> {
            double took = render(client, timeline, file);
            if (took <= AT_LEAST_SECONDS) {
                throw new IllegalStateException("the picture took " + took + " s, but should have taken more than "
                        + AT_LEAST_SECONDS + " s; it was measured too slow, so run it again");
            }
            timeline.say("PASSED");
        });
    }

    private static double render(SampleClient client, Timeline timeline, Path file) throws IOException {
        client.sdk().initialize();
        timeline.say(
                "connected to %s; this client gives up on a request after %d s",
                client.sdk().getServerInfo().name(), SampleClient.REQUEST_TIMEOUT.toSeconds());
        Map<String, Object> arguments = FractalWork.lasting(WANTED_SECONDS, new FractalWork(client).measure());
        timeline.say("--> render_fractal %s: about %.0f s if this machine stays as free", arguments, WANTED_SECONDS);
        double start = timeline.seconds();
        Answer answer = client.callToTheEnd("render_fractal", arguments);
        double took = timeline.seconds() - start;
        timeline.say("<-- the result, %.1f s after the call: %s", took, answer.text());
        timeline.say("    saved as %s", Picture.save(answer.image(), file));
        return took;
    }
}
