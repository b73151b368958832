package io.asyncmcp.sample.client;

/** What a client does from connecting to the server to taking leave of it. */
interface Conversation {

    void with(SampleClient client, Timeline timeline) throws Exception;

    /** Runs it against a server; ends this process with 1 and one line about the reason if it fails. */
    static void run(String url, Conversation conversation) {
        Timeline timeline = new Timeline(System.out);
        try (SampleClient client = new SampleClient(url, timeline)) {
            conversation.with(client, timeline);
        } catch (Exception e) {
            timeline.say("FAILED: %s", Failure.describe(e, url));
            System.exit(1);
        }
    }
}
