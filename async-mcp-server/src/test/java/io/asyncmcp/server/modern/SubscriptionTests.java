package io.asyncmcp.server.modern;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubscriptionTests {

    private static final String TOOLS = "notifications/tools/list_changed";

    private final ModernFixture fixture = new ModernFixture();

    private final ModernRequest request = fixture.request("subscriptions/listen", Map.of(), ModernFixture.NONE, false);

    private final Subscription subscription = new Subscription(request, Set.of("toolsListChanged"));

    private final List<String> ended = new ArrayList<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void acknowledgementComesFirst() {
        subscription.tellIfWanted("toolsListChanged", TOOLS);
        subscription.tell("notifications/resources/updated", Map.of("uri", "a:b"));
        fixture.settle();
        assertThat(fixture.channel.sent).isEmpty();

        subscription.begin(List.of("a:b"), List.of("task"));
        subscription.tell("notifications/resources/updated", Map.of("uri", "c:d"));
        fixture.settle();
        assertThat(fixture.channel.methods())
                .containsExactly(
                        "notifications/subscriptions/acknowledged",
                        TOOLS,
                        "notifications/resources/updated",
                        "notifications/resources/updated");
        assertThat(TestChannel.params(fixture.channel.sent.get(0)).get("notifications"))
                .isEqualTo(Map.of(
                        "toolsListChanged", true,
                        "resourceSubscriptions", List.of("a:b"),
                        "taskIds", List.of("task")));
        assertThat(TestChannel.params(fixture.channel.sent.get(3)).get("uri")).isEqualTo("c:d");
    }

    @Test
    void nothingIsPromisedThatIsNotThere() {
        new Subscription(request, Set.of()).begin(List.of(), List.of());
        fixture.settle();
        assertThat(TestChannel.params(fixture.channel.sent.get(0)).get("notifications"))
                .isEqualTo(Map.of());
    }

    @Test
    void onlyWantedListsAreTold() {
        subscription.begin(List.of(), List.of());
        subscription.tellIfWanted("promptsListChanged", "notifications/prompts/list_changed");
        subscription.tellIfWanted("toolsListChanged", TOOLS);
        fixture.settle();
        assertThat(fixture.channel.methods()).containsExactly("notifications/subscriptions/acknowledged", TOOLS);
    }

    @Test
    void whatIsLargeIsMadeWhenItIsItsTurn() {
        AtomicInteger made = new AtomicInteger();
        subscription.begin(List.of(), List.of());
        subscription.tell(TOOLS, () -> Map.of("made", made.incrementAndGet()));
        assertThat(made).hasValue(0);

        fixture.settle();
        assertThat(made).hasValue(1);
        assertThat(TestChannel.params(fixture.channel.sent.get(1)).get("made")).isEqualTo(1);
    }

    @Test
    void everythingCarriesTheIdOfTheRequest() {
        subscription.tell(TOOLS, Map.of());
        subscription.begin(List.of(), List.of());
        subscription.tell("notifications/resources/updated", Map.of("uri", "a:b"));
        fixture.settle();
        Map<String, Object> mark = Map.of("io.modelcontextprotocol/subscriptionId", request.id());
        assertThat(fixture.channel.sent)
                .hasSize(3)
                .allSatisfy(sent ->
                        assertThat(TestChannel.params(sent).get("_meta")).isEqualTo(mark));
        subscription.end();
        assertThat(subscription.ended()).isCompletedWithValue(Map.of("resultType", "complete", "_meta", mark));
    }

    @Test
    void endsOnce() {
        subscription.atEnd(() -> ended.add("one"));
        subscription.atEnd(() -> ended.add("two"));
        subscription.end();
        subscription.end();
        assertThat(ended).containsExactly("one", "two");
        subscription.atEnd(() -> ended.add("late"));
        assertThat(ended).as("what comes after the end is over at once").containsExactly("one", "two", "late");
    }

    @Test
    void endsWithoutAWordIfTheClientHasGone() {
        subscription.atEnd(() -> ended.add("one"));
        subscription.close();
        assertThat(ended).containsExactly("one");
        assertThat(subscription.ended().toCompletableFuture()).isNotDone();
        subscription.end();
        assertThat(ended).containsExactly("one");
    }

    @Test
    void onlyResourcesThatTheServerTookAreReturned() {
        fixture.server.handler = (asked, context) -> asked.params().toString().contains("refused")
                ? JSONRPCResponse.error(
                        asked.id(), ModernErrors.invalidParams("no").getJsonRpcError())
                : JSONRPCResponse.result(asked.id(), Map.of());
        assertThat(subscription.subscribe(fixture.server, List.of("a:b", "refused:c", "d:e")))
                .containsExactly("a:b", "d:e");
        assertThat(fixture.server.requests).extracting(asked -> asked.method()).containsOnly("resources/subscribe");
        assertThat(fixture.server.clients).containsExactly("client-1");
        assertThat(subscription.isClient("client-1")).isTrue();
        assertThat(subscription.isClient("client-2")).isFalse();
        subscription.end();
        assertThat(fixture.server.clients).isEmpty();
    }

    @Test
    void withoutResourcesTheServerIsLeftAlone() {
        assertThat(subscription.subscribe(fixture.server, List.of())).isEmpty();
        assertThat(fixture.server.clients).isEmpty();
        assertThat(subscription.isClient("client-1")).isFalse();
    }

    @Test
    void whatCannotBeDeliveredAtShutdownIsDropped() {
        fixture.channel.delivery.shutdown();
        subscription.begin(List.of(), List.of());
        subscription.tell(TOOLS, Map.of());
        subscription.end();
        assertThat(fixture.channel.sent).isEmpty();
        assertThat(subscription.ended()).isCompleted();
    }
}
