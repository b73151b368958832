// Drives the sample through a proxy: what the server says while a call runs has to arrive while it runs, and not with the result.
// Usage: node proxied.mjs http://localhost:8081/mcp
import assert from "node:assert/strict";
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { CallToolResultSchema, CreateTaskResultSchema, ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { end, pause, run } from "./checks.mjs";

const url = new URL(process.argv[2]);
const INFO = { name: "async-mcp-sample-npm-proxied", version: "0.1.0" };
const CAPABILITIES = { elicitation: { form: {} } };
const PAGE = { title: "Proxied", body: "A page whose question went through a proxy" };
// Reports come every second, so that what was held back until the end is far from this.
const AHEAD_MS = 700;

/** A client of 2025-11-25 whose user says yes. */
async function connect() {
  const client = new Client(INFO, { capabilities: CAPABILITIES });
  const questions = [];
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    questions.push(params);
    return { action: "accept", content: { publish: true } };
  });
  await client.connect(new StreamableHTTPClientTransport(url));
  await client.listTools();
  return { client, questions };
}

/** Fails if reports came together, or with the result. */
async function assertProgressComesAsItIsMade(call) {
  const times = [];
  const result = await call(() => times.push(performance.now()));
  times.push(performance.now());
  assert.match(result.content[0].text, /Waited for 4/);
  assert.ok(times.length >= 4, `there must be reports, but ${times.length - 1} came`);
  assert.ok(times.at(-1) - times[0] > 2 * AHEAD_MS, "the first report must come long before the result");
  assert.ok(times[1] - times[0] > AHEAD_MS, "the second report must come after the first, and not with it");
}

const newTask = async (client, name, args) =>
  (await client.request({ method: "tools/call", params: { name, arguments: args, task: {} } }, CreateTaskResultSchema)).task
    .taskId;

const resultOf = (client, taskId) =>
  client.request({ method: "tasks/result", params: { taskId } }, CallToolResultSchema);

const scenarios = {
  async "progress as it is made, 2025-11-25"({ client }) {
    await assertProgressComesAsItIsMade((onprogress) =>
      client.callTool({ name: "wait_for", arguments: { seconds: 4 } }, undefined, { onprogress }),
    );
  },

  async "progress as it is made, 2026-07-28"() {
    const client = new ModernClient(INFO, { capabilities: CAPABILITIES, versionNegotiation: { mode: "auto" } });
    await client.connect(new ModernTransport(url));
    assert.equal(client.getProtocolEra(), "modern");
    await assertProgressComesAsItIsMade((onprogress) =>
      client.callTool({ name: "wait_for", arguments: { seconds: 4 } }, { onprogress }),
    );
    await client.close();
  },

  async "a question on a call"({ client, questions }) {
    const result = await client.callTool({ name: "publish_page", arguments: PAGE });
    assert.match(result.content[0].text, /Published/);
    assert.equal(questions.length, 1);
  },

  async "a question on tasks/result"({ client, questions }) {
    const result = await resultOf(client, await newTask(client, "publish_page", PAGE));
    assert.match(result.content[0].text, /Published/);
    assert.equal(questions.length, 1);
  },

  async "a question where the client listens"({ client, questions }) {
    const taskId = await newTask(client, "publish_page", PAGE);
    for (let i = 0; i < 30 && questions.length === 0; i++) {
      await pause(0.5);
      await client.experimental.tasks.getTask(taskId);
    }
    assert.equal(questions.length, 1, "the question must come without tasks/result");
    assert.match((await resultOf(client, taskId)).content[0].text, /Published/);
    assert.equal(questions.length, 1);
  },
};

await run(scenarios, async (scenario) => {
  const known = await connect();
  try {
    return await scenario(known);
  } finally {
    await known.client.close();
  }
});
end();
