package io.asyncmcp.autoconfigure.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.autoconfigure.owner.Users;
import io.asyncmcp.autoconfigure.transport.Caller;
import io.asyncmcp.autoconfigure.transport.Caller.Reply;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.question.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import tools.jackson.databind.JsonNode;

/**
 * Thousands of attempts at what belongs to somebody else, through every face. None succeeds, and what comes back is byte for
 * byte what comes back for an id that nobody has.
 */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntrusionIT {

    private static final int ATTEMPTS = Integer.getInteger("asyncmcp.intrusions", 10_000);

    private static final int INTRUDERS = 4;

    private static final String UNKNOWN = "a".repeat(26);

    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private static final Map<String, Object> YES = Map.of("action", "accept", "content", Map.of("yes", true));

    @Parameter
    WebApplicationType web;

    private TestServer server;

    private AsyncExecutor executor;

    private Caller alice;

    /** What the question that Alice was asked has to be answered with. */
    private String requestState = "";

    private List<String> ids = List.of();

    @BeforeParameterizedClassInvocation
    void start() {
        server = TestServer.start(
                web,
                VaultTools.Config.class,
                Users.on(web),
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "async.mcp.retention-period=1h",
                "async.mcp.cancel-tool.enabled=true",
                "async.mcp.list-tool.enabled=true");
        executor = server.bean(AsyncExecutor.class);
        alice = new Caller(server, "alice").inSession();
        fillTheVault();
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    /** Operations in every state, started through every face. */
    private void fillTheVault() {
        for (String tool : List.of("held", "quick", "broken")) {
            alice.legacyCall(tool, Map.of());
            alice.legacy("tools/call", Map.of("name", tool, "arguments", Map.of(), "task", Map.of()));
            alice.modernCall(tool, Map.of());
            alice.modern(true, "tools/call", Map.of("name", tool, "arguments", Map.of()));
        }
        requestState =
                alice.modernCall("asks", Map.of()).result().path("requestState").asString();
        String cancelled = alice.legacyCall("held", Map.of())
                .result()
                .path("structuredContent")
                .path("operation_id")
                .asString();
        alice.legacyCall("cancel_operation", Map.of("operation_id", cancelled));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(executor.operations(OperationQuery.ALL))
                        .extracting(Operation::status)
                        .doesNotContain(OperationStatus.QUEUED)
                        .contains(OperationStatus.WORKING, OperationStatus.INPUT_REQUIRED, OperationStatus.CANCELLED)
                        // Those that are no tasks may end before they need an id.
                        .contains(OperationStatus.COMPLETED, OperationStatus.FAILED));
        ids = executor.operations(OperationQuery.ALL).stream()
                .map(Operation::requireId)
                .toList();
        assertThat(ids).hasSizeGreaterThanOrEqualTo(8);
    }

    private Map<String, Operation> vault() {
        return executor.operations(OperationQuery.ALL).stream()
                .collect(Collectors.toMap(Operation::requireId, operation -> operation));
    }

    /** Every way in that takes an id. */
    private static Map<String, BiFunction<Caller, String, Reply>> waysIn() {
        Map<String, BiFunction<Caller, String, Reply>> ways = new LinkedHashMap<>();
        Map<String, Object> empty = Map.of();
        ways.put("continue", (caller, id) -> caller.legacyCall("continue_operation", coming(id)));
        ways.put("cancel", (caller, id) -> caller.legacyCall("cancel_operation", Map.of("operation_id", id)));
        for (String method : List.of("tasks/get", "tasks/result", "tasks/cancel")) {
            ways.put("2025 " + method, (caller, id) -> caller.legacy(method, Map.of("taskId", id)));
        }
        ways.put("answer", (caller, id) -> caller.answer(Question.requestId(id, VaultTools.KEY), YES));
        ways.put("2026 continue", (caller, id) -> caller.modernCall("continue_operation", coming(id)));
        ways.put("2026 cancel", (caller, id) -> caller.modernCall("cancel_operation", Map.of("operation_id", id)));
        for (String method : List.of("tasks/get", "tasks/cancel")) {
            ways.put("2026 " + method, (caller, id) -> caller.modern(true, method, Map.of("taskId", id)));
        }
        ways.put(
                "2026 tasks/update",
                (caller, id) -> caller.modern(
                        true, "tasks/update", Map.of("taskId", id, "inputResponses", Map.of(VaultTools.KEY, YES))));
        ways.put(
                "2026 tasks/update without answers",
                (caller, id) -> caller.modern(true, "tasks/update", Map.of("taskId", id, "inputResponses", empty)));
        return ways;
    }

    private static Map<String, Object> coming(String id) {
        return Map.of("operation_id", id, "wait_time", 0);
    }

    @Test
    void noneOfManyAttemptsSucceedsOrLearnsAnything() throws Exception {
        Map<String, Operation> before = vault();
        // Bob in a session of his own, a stranger in one, Bob in Alice's session, and Alice with ids that are almost
        // hers.
        List<Caller> intruders = List.of(
                new Caller(server, "bob").inSession(),
                new Caller(server, "").inSession(),
                new Caller(server, "bob").inSession(alice.session()),
                new Caller(server, "alice").inSession());
        ExecutorService threads = Executors.newFixedThreadPool(INTRUDERS);
        try {
            List<Future<Integer>> rounds = new ArrayList<>();
            for (int i = 0; i < INTRUDERS; i++) {
                Caller intruder = intruders.get(i);
                boolean owner = i == INTRUDERS - 1;
                Random random = new Random(i);
                rounds.add(threads.submit(() -> intrude(intruder, owner, random)));
            }
            int attempts = 0;
            for (Future<Integer> round : rounds) {
                attempts += round.get();
            }
            assertThat(attempts).isGreaterThanOrEqualTo(ATTEMPTS);
        } finally {
            threads.shutdownNow();
        }

        assertThat(vault()).isEqualTo(before);
    }

    private int intrude(Caller intruder, boolean owner, Random random) {
        Map<String, BiFunction<Caller, String, Reply>> ways = waysIn();
        Map<String, Reply> unknown = new HashMap<>();
        ways.forEach((name, way) -> unknown.put(name, way.apply(intruder, UNKNOWN)));
        int attempts = 0;
        while (attempts < ATTEMPTS / INTRUDERS) {
            for (Map.Entry<String, BiFunction<Caller, String, Reply>> way : ways.entrySet()) {
                String id = ids.get(random.nextInt(ids.size()));
                String tried = owner || random.nextInt(4) == 0 ? almost(id, random) : id;
                Reply reply = way.getValue().apply(intruder, tried);
                assertThat(reply.replacing(tried, UNKNOWN)).as(way.getKey()).isEqualTo(unknown.get(way.getKey()));
                attempts++;
            }
        }
        return attempts;
    }

    /** One character is another, or two have changed places: still an id by its form. */
    private static String almost(String id, Random random) {
        char[] characters = id.toCharArray();
        int place = random.nextInt(characters.length);
        if (random.nextBoolean()) {
            characters[place] = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        } else {
            int other = random.nextInt(characters.length);
            char kept = characters[place];
            characters[place] = characters[other];
            characters[other] = kept;
        }
        String almost = new String(characters);
        return almost.equals(id) ? OperationIds.next() : almost;
    }

    @Test
    void whatSaysThatAnIdIsUnknownIsWhatItShouldBe() {
        Caller bob = new Caller(server, "bob").inSession();
        String id = ids.get(0);
        Map<String, BiFunction<Caller, String, Reply>> ways = waysIn();
        for (String way : List.of("continue", "cancel", "2026 continue", "2026 cancel")) {
            assertThat(ways.get(way).apply(bob, id).text()).as(way).startsWith("No operation is known");
        }
        for (String way : List.of(
                "2025 tasks/get",
                "2025 tasks/result",
                "2025 tasks/cancel",
                "2026 tasks/get",
                "2026 tasks/cancel",
                "2026 tasks/update")) {
            JsonNode error = ways.get(way).apply(bob, id).message().path("error");
            assertThat(error.path("code").asInt()).as(way).isEqualTo(-32602);
        }
        assertThat(ways.get("answer").apply(bob, id).status()).isEqualTo(202);
    }

    @Test
    void listsOfOthersNameNothing() {
        for (String name : List.of("bob", "")) {
            Caller other = new Caller(server, name).inSession();
            List<Reply> lists = List.of(
                    other.legacyCall("list_operations", Map.of()),
                    other.legacy("tasks/list", Map.of()),
                    other.modernCall("list_operations", Map.of()));
            assertThat(lists).allSatisfy(list -> assertThat(list.body()).doesNotContain(ids));
        }
        assertThat(alice.legacyCall("list_operations", Map.of()).body()).contains(ids.get(0));
    }

    @Test
    void listIsOfferedToThoseWhoCanHaveOne() {
        Caller stranger = new Caller(server, "").inSession();
        String tool = "\"list_operations\"";
        assertThat(stranger.modern(false, "tools/list", Map.of()).body())
                .contains("\"continue_operation\"")
                .doesNotContain(tool);
        assertThat(stranger.legacy("tools/list", Map.of()).body()).contains(tool);
        assertThat(alice.modern(false, "tools/list", Map.of()).body()).contains(tool);
        assertThat(alice.legacy("tools/list", Map.of()).body()).contains(tool);
    }

    @Test
    void questionIsNotAnsweredWithWhatItsOwnerWasGivenForIt() {
        Caller bob = new Caller(server, "bob");
        String forged = requestState.substring(0, requestState.length() - 2) + "AA";
        Reply stolen = retry(bob, requestState);

        assertThat(stolen).isEqualTo(retry(bob, forged));
        assertThat(stolen.message().path("error").path("code").asInt()).isEqualTo(-32602);
        assertThat(vault().values())
                .filteredOn(operation -> operation.status() == OperationStatus.INPUT_REQUIRED)
                .hasSize(1);
    }

    private static Reply retry(Caller caller, String state) {
        return caller.modern(
                false,
                "tools/call",
                Map.of(
                        "name",
                        "asks",
                        "arguments",
                        Map.of(),
                        "inputResponses",
                        Map.of(VaultTools.KEY, YES),
                        "requestState",
                        state));
    }
}
