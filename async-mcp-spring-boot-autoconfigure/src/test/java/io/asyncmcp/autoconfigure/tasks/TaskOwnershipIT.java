package io.asyncmcp.autoconfigure.tasks;

import static io.asyncmcp.autoconfigure.tasks.TaskWire.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.autoconfigure.owner.Users;
import io.asyncmcp.autoconfigure.transport.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** Tasks of one person do not exist for another, and a list has its owner's alone. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TaskOwnershipIT {

    private static final String UNKNOWN = "a".repeat(26);

    private static final String VERSION = "2025-11-25";

    private static final int PAGE = 3;

    @Parameter
    WebApplicationType web;

    private TestServer server;

    @Configuration(proxyBeanMethods = false)
    static class App {

        @Bean
        TaskTools taskTools() {
            return new TaskTools();
        }
    }

    @BeforeParameterizedClassInvocation
    void start() {
        server = TestServer.start(
                web,
                App.class,
                Users.withNamedStrangers(web),
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "async.mcp.tasks.page-size=" + PAGE);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    private TaskWire connect(String user) throws Exception {
        return TaskWire.connect(server, user, VERSION);
    }

    private static void knowsNothingOf(TaskWire client, String taskId) throws Exception {
        for (String method : List.of("tasks/get", "tasks/result", "tasks/cancel")) {
            assertThat(client.error(method, id(taskId))).isEqualTo(client.error(method, id(UNKNOWN)));
            assertThat(client.errorCode(method, id(taskId))).isEqualTo(-32602);
        }
    }

    private static List<String> listed(TaskWire client) throws Exception {
        List<String> ids = new ArrayList<>();
        String params = "{}";
        while (!params.isEmpty()) {
            JsonNode page = client.result("tasks/list", params);
            assertThat(page.path("tasks").size()).isLessThanOrEqualTo(PAGE);
            page.path("tasks").forEach(task -> ids.add(task.path("taskId").asString()));
            params = page.has("nextCursor") ? "{\"cursor\": " + page.path("nextCursor") + "}" : "";
        }
        return ids;
    }

    @Test
    void taskOfOnePersonDoesNotExistForAnother() throws Exception {
        try (TaskWire alice = connect("alice");
                TaskWire bob = connect("bob");
                TaskWire nobody = connect("")) {
            String taskId = alice.start("held", "{\"name\": \"alice\"}");
            knowsNothingOf(bob, taskId);
            knowsNothingOf(nobody, taskId);
            assertThat(listed(bob)).doesNotContain(taskId);
            assertThat(alice.status(taskId)).isEqualTo("working");
            alice.result("tasks/cancel", id(taskId));
        }
    }

    /** What each session is told is kept for it, and one that joins a task takes no place. */
    @Test
    void lastEightSessionsOfAPersonAreToldOfATaskTheyShare() throws Exception {
        List<TaskWire> sessions = new ArrayList<>();
        try {
            Set<String> tasks = new HashSet<>();
            for (int i = 0; i < 9; i++) {
                TaskWire alice = connect("alice").listening();
                sessions.add(alice);
                tasks.add(alice.start("shared", "{\"name\": \"many\"}"));
            }
            assertThat(tasks).as("one flight").hasSize(1);
            String taskId = tasks.iterator().next();
            server.bean(TaskTools.class).release("many");
            for (TaskWire told : sessions.subList(1, 9)) {
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(told.told("notifications/tasks/status", taskId))
                                .isNotEmpty());
            }
            assertThat(sessions.get(0).told("notifications/tasks/status", taskId))
                    .isEmpty();
            assertThat(sessions.get(0).status(taskId)).as("it may ask").isEqualTo("completed");
        } finally {
            sessions.forEach(TaskWire::close);
        }
    }

    @Test
    void onlyWhoIsKnownCanList() throws Exception {
        try (TaskWire alice = connect("alice");
                TaskWire nobody = connect("")) {
            assertThat(alice.initialized().path("capabilities").path("tasks").has("list"))
                    .isTrue();
            assertThat(nobody.initialized().path("capabilities").path("tasks").has("list"))
                    .isFalse();
            assertThat(nobody.errorCode("tasks/list", "{}")).isEqualTo(-32601);
        }
    }

    @Test
    void listHasEveryTaskOfItsOwnerOnceInPages() throws Exception {
        try (TaskWire bob = connect("bob")) {
            List<String> started = new ArrayList<>();
            for (int i = 0; i < 2 * PAGE + 1; i++) {
                started.add(0, bob.start("quick", "{}"));
            }
            assertThat(listed(bob)).startsWith(started.toArray(String[]::new)).doesNotHaveDuplicates();
            try (TaskWire again = connect("bob")) {
                assertThat(listed(again)).containsAll(started);
            }
        }
    }

    @Test
    void cursorIsGoodForItsOwnerAlone() throws Exception {
        try (TaskWire alice = connect("alice");
                TaskWire bob = connect("bob")) {
            for (int i = 0; i <= PAGE; i++) {
                alice.start("quick", "{}");
            }
            String cursor = alice.result("tasks/list", "{}").path("nextCursor").asString();
            assertThat(bob.errorCode("tasks/list", "{\"cursor\": \"" + cursor + "\"}"))
                    .isEqualTo(-32602);
            String forged = (cursor.charAt(0) == 'A' ? 'B' : 'A') + cursor.substring(1);
            for (String bad : List.of(
                    "\"" + forged + "\"",
                    "\"" + cursor.substring(0, cursor.length() - 4) + "\"",
                    "\"\"",
                    "\"x\"",
                    "\"%%%\"",
                    "7",
                    "[]",
                    "{}",
                    "true")) {
                assertThat(alice.errorCode("tasks/list", "{\"cursor\": " + bad + "}"))
                        .as(bad)
                        .isEqualTo(-32602);
            }
        }
    }
}
