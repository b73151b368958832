package io.asyncmcp.autoconfigure.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.autoconfigure.actuate.AsyncOperationsEndpoint;
import io.asyncmcp.autoconfigure.owner.Users;
import io.asyncmcp.autoconfigure.tasks.TaskWire;
import io.asyncmcp.autoconfigure.transport.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.WebApplicationType;
import tools.jackson.databind.JsonNode;

/** One operation, started through one face and finished, answered or cancelled through another, for every pair of them. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrossingIT {

    @Parameter
    WebApplicationType web;

    private TestServer server;

    private ModernTools tools;

    private int names;

    private Map<String, Face> faces = Map.of();

    /** What a client does through one face. Ids are those of operations and of tasks, which are the same. */
    private interface Face {

        String start(String tool, String name) throws Exception;

        /** The text of the result, once it is there. */
        String finish(String id) throws Exception;

        void cancel(String id) throws Exception;

        /** Answers the one question that is open and returns the text of the result. */
        String answer(String id) throws Exception;

        /** What the client is told of an operation that is not there for it, or that is gone. */
        String whatIsSaidOf(String id) throws Exception;
    }

    /** Protocol 2025-11-25, without tasks. */
    private record Plain(TaskWire wire) implements Face {

        private JsonNode call(String tool, Map<String, ?> arguments) throws Exception {
            return wire.result(
                    "tools/call", TaskWire.JSON.writeValueAsString(Map.of("name", tool, "arguments", arguments)));
        }

        @Override
        public String start(String tool, String name) throws Exception {
            return call(tool, Map.of("name", name))
                    .path("structuredContent")
                    .path("operation_id")
                    .asString();
        }

        @Override
        public String finish(String id) throws Exception {
            return TaskWire.text(call("continue_operation", Map.of("operation_id", id)));
        }

        @Override
        public void cancel(String id) throws Exception {
            call("cancel_operation", Map.of("operation_id", id));
        }

        /** The wire answers what it is asked on its stream. */
        @Override
        public String answer(String id) throws Exception {
            wire.answer = TaskWire.JSON.writeValueAsString(ModernWire.accept("name", "Ada"));
            return finish(id);
        }

        @Override
        public String whatIsSaidOf(String id) throws Exception {
            return finish(id);
        }
    }

    /** Protocol 2025-11-25, with tasks. */
    private record Tasks(TaskWire wire) implements Face {

        @Override
        public String start(String tool, String name) throws Exception {
            return wire.start(tool, "{\"name\": \"" + name + "\"}");
        }

        @Override
        public String finish(String id) throws Exception {
            return TaskWire.text(wire.result("tasks/result", TaskWire.id(id)));
        }

        @Override
        public void cancel(String id) throws Exception {
            wire.result("tasks/cancel", TaskWire.id(id));
        }

        @Override
        public String answer(String id) throws Exception {
            wire.answer = TaskWire.JSON.writeValueAsString(ModernWire.accept("name", "Ada"));
            return finish(id);
        }

        @Override
        public String whatIsSaidOf(String id) throws Exception {
            JsonNode response = wire.send("tasks/result", TaskWire.id(id)).response();
            return response.has("error")
                    ? response.path("error").path("message").asString()
                    : TaskWire.text(response.path("result"));
        }
    }

    /** Protocol 2026-07-28, without the Tasks extension. */
    private record ModernPlain(ModernWire wire) implements Face {

        @Override
        public String start(String tool, String name) {
            return wire.result(tool, Map.of("name", name))
                    .path("structuredContent")
                    .path("operation_id")
                    .asString();
        }

        @Override
        public String finish(String id) {
            return ModernWire.text(wire.result("continue_operation", Map.of("operation_id", id)));
        }

        @Override
        public void cancel(String id) {
            wire.result("cancel_operation", Map.of("operation_id", id));
        }

        @Override
        public String answer(String id) {
            Map<String, Object> call = Map.of("name", "continue_operation", "arguments", Map.of("operation_id", id));
            JsonNode asked = wire.send("tools/call", call).result();
            return ModernWire.text(
                    wire.retry("tools/call", call, asked, ModernWire.answers(asked, ModernWire.accept("name", "Ada")))
                            .result());
        }

        @Override
        public String whatIsSaidOf(String id) {
            return finish(id);
        }
    }

    /** Protocol 2026-07-28, with the Tasks extension. */
    private record ModernTasks(ModernWire wire) implements Face {

        @Override
        public String start(String tool, String name) {
            return wire.start(tool, Map.of("name", name));
        }

        @Override
        public String finish(String id) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !List.of("working", "input_required")
                            .contains(wire.task(id).path("status").asString()));
            return ModernWire.text(wire.task(id).path("result"));
        }

        @Override
        public void cancel(String id) {
            wire.send("tasks/cancel", Map.of("taskId", id)).result();
        }

        @Override
        public String answer(String id) {
            JsonNode task = wire.awaitTask(id, "input_required");
            String key = task.path("inputRequests").propertyNames().iterator().next();
            wire.send(
                            "tasks/update",
                            Map.of("taskId", id, "inputResponses", Map.of(key, ModernWire.accept("name", "Ada"))))
                    .result();
            return finish(id);
        }

        @Override
        public String whatIsSaidOf(String id) {
            JsonNode response = wire.send("tasks/get", Map.of("taskId", id)).message();
            return response.has("error")
                    ? response.path("error").path("message").asString()
                    : response.path("result").path("status").asString();
        }
    }

    private Map<String, Face> facesOf(String user) throws Exception {
        return Map.of(
                "plain", new Plain(TaskWire.connect(server, user, "2025-11-25")),
                "tasks 2025-11-25", new Tasks(TaskWire.connect(server, user, "2025-11-25")),
                "plain 2026-07-28", new ModernPlain(new ModernWire(server, user, ModernWire.ANSWERS)),
                "tasks 2026-07-28", new ModernTasks(new ModernWire(server, user, ModernWire.EVERYTHING)));
    }

    @BeforeParameterizedClassInvocation
    void start() throws Exception {
        server = TestServer.start(
                web,
                ModernTools.SyncConfig.class,
                Users.on(web),
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "spring.ai.mcp.server.annotation-scanner.enabled=true",
                "async.mcp.cancel-tool.enabled=true",
                "async.mcp.tasks.inline-wait=200ms",
                "async.mcp.tools.held_long.timeout=200ms",
                "async.mcp.tools.asks_late.timeout=200ms",
                "management.endpoints.web.exposure.include=asyncoperations",
                "logging.level.io.modelcontextprotocol=off");
        tools = server.bean(ModernTools.class);
        faces = facesOf("alice");
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    static List<String> names() {
        return List.of("plain", "tasks 2025-11-25", "plain 2026-07-28", "tasks 2026-07-28");
    }

    static Stream<Arguments> pairs() {
        return names().stream().flatMap(one -> names().stream().map(other -> Arguments.of(one, other)));
    }

    private Face face(String name) {
        Face face = faces.get(name);
        assertThat(face).as(name).isNotNull();
        return face;
    }

    private synchronized String nextName() {
        return "crossing" + ++names;
    }

    @ParameterizedTest(name = "started through {0}, finished through {1}")
    @MethodSource("pairs")
    void finished(String starter, String finisher) throws Exception {
        String name = nextName();
        String id = face(starter).start("held_long", name);
        tools.release(name);

        assertThat(face(finisher).finish(id)).isEqualTo("released " + name);
        assertThat(face(starter).finish(id))
                .as("and whoever started it can still fetch it")
                .isEqualTo("released " + name);
    }

    @ParameterizedTest(name = "started through {0}, answered through {1}")
    @MethodSource("pairs")
    void answered(String starter, String answerer) throws Exception {
        String name = nextName();
        String id = face(starter).start("asks_late", name);
        tools.release(name);
        await().until(() -> server.bean(AsyncExecutor.class).find(id, null).status() == OperationStatus.INPUT_REQUIRED);

        assertThat(face(answerer).answer(id)).isEqualTo("got Ada");
    }

    @ParameterizedTest(name = "started through {0}, cancelled through {1}")
    @MethodSource("pairs")
    void cancelled(String starter, String canceller) throws Exception {
        String name = nextName();
        String id = face(starter).start("held_long", name);
        face(canceller).cancel(id);

        await().untilAsserted(() -> assertThat(tools.ends.get(name)).isEqualTo("interrupted"));
        for (String every : names()) {
            assertThat(face(every).whatIsSaidOf(id)).as(every).containsIgnoringCase("cancelled");
        }
    }

    @ParameterizedTest(name = "started through {0}, cancelled from the actuator")
    @MethodSource("names")
    void cancelledFromTheActuator(String starter) throws Exception {
        String name = nextName();
        String id = face(starter).start("held_long", name);

        assertThat(server.bean(AsyncOperationsEndpoint.class).cancel(OperationIds.hash(id)))
                .isNotNull();

        for (String every : names()) {
            assertThat(face(every).whatIsSaidOf(id)).as(every).containsIgnoringCase("cancelled");
        }
    }

    @ParameterizedTest(name = "started through {0}, out of the reach of others")
    @MethodSource("names")
    void isNotThereForOthers(String starter) throws Exception {
        String name = nextName();
        String id = face(starter).start("held_long", name);
        String unknown = "a".repeat(26);
        for (String user : List.of("bob", "")) {
            Map<String, Face> strangers = facesOf(user);
            for (String every : names()) {
                Face stranger = strangers.get(every);
                assertThat(stranger).isNotNull();
                assertThat(stranger.whatIsSaidOf(id))
                        .as("%s through %s", user, every)
                        .isEqualTo(stranger.whatIsSaidOf(unknown));
            }
        }
        assertThat(tools.ends.get(name)).isEqualTo("running");
        face(starter).cancel(id);
    }
}
