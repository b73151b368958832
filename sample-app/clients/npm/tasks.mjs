// Drives the sample's tools as tasks of protocol 2025-11-25, through the SDK's own support of them.
// Usage: node tasks.mjs [http://localhost:8080/mcp]
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CallToolResultSchema,
  CreateTaskResultSchema,
  ElicitRequestSchema,
  TaskStatusNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { end, overStdio, pause, PNG, rejection, run } from "./checks.mjs";

const url = process.argv[2] ?? "http://localhost:8080/mcp";
const RELATED_TASK = "io.modelcontextprotocol/related-task";
const IMMEDIATE_RESPONSE = "io.modelcontextprotocol/model-immediate-response";

/** A client with a user who says yes, and what it was told. */
async function connect(transport = new StreamableHTTPClientTransport(new URL(url))) {
  const client = new Client(
    { name: "async-mcp-sample-npm-tasks", version: "0.1.0" },
    { capabilities: { elicitation: { form: {} } } },
  );
  const told = { statuses: [], questions: [], errors: [] };
  client.onerror = (error) => told.errors.push(String(error));
  client.setNotificationHandler(TaskStatusNotificationSchema, ({ params }) => {
    told.statuses.push(params);
  });
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    told.questions.push(params);
    return { action: "accept", content: { publish: true } };
  });
  await client.connect(transport);
  // Validators of output schemas and the tools' task support come with the list.
  const { tools } = await client.listTools();
  return { client, transport, tools, told, tasks: client.experimental.tasks };
}

async function collect(stream) {
  const messages = [];
  for await (const message of stream) {
    messages.push(message);
  }
  return messages;
}

const related = (result) => result._meta?.[RELATED_TASK]?.taskId;

const scenarios = {
  async "capabilities and task support"({ client, tools }) {
    const { tasks } = client.getServerCapabilities();
    assert.deepEqual(tasks.requests, { tools: { call: {} } });
    assert.deepEqual(tasks.cancel, {});
    // Nobody can be told from anybody without authentication.
    assert.equal(tasks.list, undefined);
    const support = Object.fromEntries(tools.map((tool) => [tool.name, tool.execution?.taskSupport]));
    assert.equal(support.echo, "forbidden");
    assert.equal(support.continue_operation, "forbidden");
    assert.equal(support.wait_for, "optional");
  },

  async "created, status by notification, progress, result"({ tasks, told }) {
    const progress = [];
    const messages = await collect(
      tasks.callToolStream({ name: "wait_for", arguments: { seconds: 5, label: "here" } }, undefined, {
        task: { ttl: 600_000 },
        onprogress: (report) => progress.push(report),
      }),
    );
    const [created] = messages;
    assert.equal(created.type, "taskCreated");
    assert.equal(created.task.status, "working");
    assert.equal(created.task.ttl, 600_000);
    assert.ok(created.task.pollInterval > 0);
    assert.ok(messages.some(({ type, task }) => type === "taskStatus" && task.status === "working"));
    const { type, result } = messages.at(-1);
    assert.equal(type, "result");
    assert.match(result.content[0].text, /here: Waited for 5/);
    assert.equal(related(result), created.task.taskId);
    assert.ok(progress.length > 0, "there must be progress after the handle");
    const ends = told.statuses.filter(({ taskId }) => taskId === created.task.taskId);
    assert.deepEqual(ends.map(({ status }) => status), ["completed"]);
  },

  async "an answer for the model at once"({ client }) {
    const result = await client.request(
      { method: "tools/call", params: { name: "wait_for", arguments: { seconds: 1 }, task: {} } },
      CreateTaskResultSchema,
    );
    assert.match(result._meta[IMMEDIATE_RESPONSE], /wait_for/);
    assert.equal(related(result), undefined);
  },

  async "a question in mid-run"({ tasks, told }) {
    const messages = await collect(
      tasks.callToolStream(
        { name: "publish_page", arguments: { title: "Task", body: "A page made by a task" } },
        undefined,
        { task: {} },
      ),
    );
    const taskId = messages[0].task.taskId;
    assert.ok(messages.some(({ task }) => task?.status === "input_required"));
    assert.equal(told.questions.length, 1);
    assert.equal(told.questions[0]._meta[RELATED_TASK].taskId, taskId);
    assert.match(messages.at(-1).result.content[0].text, /Published/);
  },

  async "a typed result"({ tasks }) {
    const messages = await collect(
      tasks.callToolStream({ name: "analyze_text", arguments: {} }, undefined, { task: {} }),
    );
    const { type, result, error } = messages.at(-1);
    assert.equal(type, "result", String(error));
    assert.ok(result.structuredContent.words > 1000);
  },

  async "a picture"({ tasks }) {
    const messages = await collect(
      tasks.callToolStream(
        { name: "render_fractal", arguments: { width: 320, height: 240 } },
        undefined,
        { task: {} },
      ),
    );
    const picture = messages.at(-1).result.content.find(({ type }) => type === "image");
    assert.deepEqual([...Buffer.from(picture.data, "base64").subarray(0, 4)], PNG);
  },

  async "a tool error"({ tasks }) {
    const messages = await collect(
      tasks.callToolStream({ name: "wait_for", arguments: { seconds: -1 } }, undefined, { task: {} }),
    );
    const { taskId } = messages[0].task;
    const failed = messages.find(({ type, task }) => type === "taskStatus" && task.status === "failed");
    assert.ok(failed.task.statusMessage.length > 0);
    assert.equal(messages.at(-1).type, "error");
    const result = await tasks.getTaskResult(taskId, CallToolResultSchema);
    assert.equal(result.isError, true);
    assert.equal(related(result), taskId);
  },

  async "cancel"({ tasks, told }) {
    const stream = tasks.callToolStream({ name: "wait_for", arguments: { seconds: 60 } }, undefined, {
      task: {},
    });
    const { taskId } = (await stream.next()).value.task;
    const waiting = tasks.getTaskResult(taskId, CallToolResultSchema);
    const cancelled = await tasks.cancelTask(taskId);
    assert.equal(cancelled.status, "cancelled");
    assert.equal((await waiting).isError, true);
    assert.equal((await tasks.getTask(taskId)).status, "cancelled");
    const again = await rejection(tasks.cancelTask(taskId));
    assert.equal(again.code, -32602);
    await pause(0.5);
    assert.ok(told.statuses.some((task) => task.taskId === taskId && task.status === "cancelled"));
    await stream.return();
  },

  async "bad ids, bad ttls, forbidden tools"({ client, tasks }) {
    for (const id of ["unknown", "zzzzzzzzzzzzzzzzzzzzzzzzzz", ""]) {
      assert.equal((await rejection(tasks.getTask(id))).code, -32602);
      assert.equal((await rejection(tasks.getTaskResult(id, CallToolResultSchema))).code, -32602);
      assert.equal((await rejection(tasks.cancelTask(id))).code, -32602);
    }
    const call = (name, task) =>
      client.request(
        { method: "tools/call", params: { name, arguments: { message: "x", seconds: 0 }, task } },
        CallToolResultSchema,
      );
    for (const task of [{ ttl: -1 }, { ttl: "long" }, "task", 7, [], { ttl: {} }]) {
      assert.equal((await rejection(call("wait_for", task))).code, -32602, JSON.stringify(task));
    }
    assert.equal((await rejection(call("echo", {}))).code, -32601);
    assert.equal((await rejection(tasks.listTasks())).code, -32601);
  },

  async "expiry"({ tasks }) {
    // Needs a server with a short retention period; clients/check-tasks starts one.
    const seconds = Number(process.env.EXPIRY_SECONDS ?? 0);
    if (seconds === 0) {
      return "not tried: EXPIRY_SECONDS is not set";
    }
    const stream = tasks.callToolStream({ name: "wait_for", arguments: { seconds: 0 } }, undefined, {
      task: { ttl: 1 },
    });
    const { taskId } = (await stream.next()).value.task;
    await stream.return();
    // The task is there before its work is done, however little that is.
    await tasks.getTaskResult(taskId, CallToolResultSchema);
    assert.equal((await tasks.getTask(taskId)).status, "completed");
    await pause(seconds + 1);
    assert.equal((await rejection(tasks.getTask(taskId))).code, -32602);
  },

  async "reconnect"({ client, transport, tasks, told }) {
    const stream = tasks.callToolStream({ name: "wait_for", arguments: { seconds: 4 } }, undefined, {
      task: {},
    });
    const { taskId } = (await stream.next()).value.task;
    await stream.return();
    await transport.terminateSession();
    await client.close();
    const later = await connect();
    assert.equal((await later.tasks.getTask(taskId)).status, "working");
    const result = await later.tasks.getTaskResult(taskId, CallToolResultSchema);
    assert.match(result.content[0].text, /Waited for 4/);
    await later.client.close();
    // Closing aborts the stream that listened, and the SDK says so.
    told.errors = told.errors.filter((error) => !error.startsWith("AbortError"));
  },

  async "ten waiting at once"() {
    const connections = await Promise.all(Array.from({ length: 10 }, () => connect()));
    const [{ tasks }] = connections;
    const stream = tasks.callToolStream(
      { name: "publish_page", arguments: { title: "Ten", body: "Ten wait for it" } },
      undefined,
      { task: {} },
    );
    const { taskId } = (await stream.next()).value.task;
    await stream.return();
    const results = await Promise.all(
      connections.map((connection) => connection.tasks.getTaskResult(taskId, CallToolResultSchema)),
    );
    results.forEach((result) => assert.match(result.content[0].text, /Published/));
    assert.equal(connections.flatMap(({ told }) => told.questions).length, 1);
    await Promise.all(connections.map(({ client }) => client.close()));
  },

  async "the list, over stdio where there is one caller"() {
    const jar = process.env.SAMPLE_JAR;
    if (!jar) {
      return "not tried: SAMPLE_JAR is not set";
    }
    const { client, tasks, told } = await connect(new StdioClientTransport(overStdio(jar)));
    assert.deepEqual(client.getServerCapabilities().tasks.list, {});
    const started = [];
    for (let i = 0; i < 3; i++) {
      const stream = tasks.callToolStream({ name: "wait_for", arguments: { seconds: 60 } }, undefined, {
        task: {},
      });
      started.unshift((await stream.next()).value.task.taskId);
      await stream.return();
    }
    const listed = await tasks.listTasks();
    assert.deepEqual(listed.tasks.map(({ taskId }) => taskId), started);
    assert.equal((await rejection(tasks.listTasks("forged"))).code, -32602);
    assert.deepEqual(told.errors, []);
    await client.close();
  },

  async "between the faces"({ client, tasks }) {
    const plain = await client.callTool({ name: "wait_for", arguments: { seconds: 20, label: "plain" } });
    const id = plain.structuredContent.operation_id;
    assert.equal((await tasks.getTask(id)).status, "working");
    const asTask = await tasks.getTaskResult(id, CallToolResultSchema);
    assert.match(asTask.content[0].text, /plain: Waited/);

    const stream = tasks.callToolStream({ name: "wait_for", arguments: { seconds: 2 } }, undefined, {
      task: {},
    });
    const { taskId } = (await stream.next()).value.task;
    await stream.return();
    const continued = await client.callTool({
      name: "continue_operation",
      arguments: { operation_id: taskId, wait_time: 10 },
    });
    assert.match(continued.content[0].text, /Waited for 2/);
    assert.equal(related(continued), undefined);
  },
};

await run(scenarios, async (scenario) => {
  const connection = await connect();
  try {
    const note = await scenario(connection);
    assert.deepEqual(connection.told.errors, []);
    return note;
  } finally {
    await connection.client.close();
  }
});
end();
