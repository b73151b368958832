// Drives the sample's tools through @modelcontextprotocol/ext-tasks, which hides from its user which generation of tasks a
// server has: those of protocol 2025-11-25, or the extension of 2026-07-28. The same scenarios for both.
// Usage: node ext-tasks.mjs [http://localhost:8080/mcp]
import assert from "node:assert/strict";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { createTaskSessionFromClient, resultFromTaskOutcome } from "@modelcontextprotocol/ext-tasks/client";
import { end, PNG, rejection, run, say } from "./checks.mjs";

const url = process.argv[2] ?? "http://localhost:8080/mcp";
const INFO = { name: "async-mcp-sample-npm-ext-tasks", version: "0.1.0" };
const CAPABILITIES = { elicitation: { form: {} } };
const MODERN = "2026-07-28";

/** The messages of a response, which is one JSON object or a stream of events. */
async function messages(response) {
  const body = await response.text();
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    return [JSON.parse(body)];
  }
  return body
    .split(/\r?\n\r?\n/)
    .map((event) => event.match(/^data: ?(.*)$/m)?.[1])
    .filter(Boolean)
    .map((data) => JSON.parse(data));
}

let lastId = 0;

/** Sends requests of 2026-07-28 as they are: the client's own types do not know tasks of this generation yet. */
async function rawDispatch({ method, params }, { signal, context } = {}) {
  const id = `raw-${++lastId}`;
  const name = params.name ?? params.taskId;
  const response = await fetch(url, {
    method: "POST",
    signal,
    headers: {
      ...context?.headers,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "MCP-Protocol-Version": MODERN,
      "Mcp-Method": method,
      ...(name === undefined ? {} : { "Mcp-Name": name }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id, method, params }),
  });
  const { result, error } = (await messages(response)).find((message) => message.id === id);
  return error ? { kind: "error", error } : { kind: "result", result };
}

const eras = {
  "2025-11-25": { mode: "legacy", generation: "v1", options: {} },
  [MODERN]: {
    mode: "auto",
    generation: "v2",
    options: {
      rawDispatch,
      v2RequestFraming: { protocolVersion: MODERN, clientInfo: INFO, clientCapabilities: CAPABILITIES },
    },
  },
};

/** A session whose user says yes. */
async function connect({ mode, options }) {
  const client = new Client(INFO, { capabilities: CAPABILITIES, versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const declarations = new Map((await client.listTools()).tools.map((tool) => [tool.name, tool]));
  const asked = [];
  const session = createTaskSessionFromClient(client, {
    endpointId: url,
    tools: {
      currentTool: (name) => {
        const tool = declarations.get(name);
        return tool && { ...tool, taskSupport: tool.execution?.taskSupport };
      },
    },
    onInputRequest: async (request, context) => {
      asked.push({ request, context });
      return { action: "accept", content: { publish: true } };
    },
    ...options,
  });
  return { client, session, asked };
}

async function close({ session, client }) {
  await session.close();
  await client.close();
}

const text = (result) => result.content[0].text;

const asTask = (session, tool, args) => session.callTool(tool, args, { task: { preference: "prefer" } });

const resultOf = async (execution) => resultFromTaskOutcome((await execution.settle()).outcome);

/** The outcome of a task that its session has let go of. */
async function fetched(session, reference, era) {
  if (era.generation === "v1") {
    // Without authentication a task belongs to the protocol's session.
    return session.task(reference.taskId).result();
  }
  const other = await connect(era);
  const resumed = await other.session.resumeTask(reference);
  const { outcome } = await resumed.settle();
  await close(other);
  return outcome;
}

const scenarios = {
  async "which generation it found"({ client }, { generation }) {
    assert.equal(client.getProtocolEra(), generation === "v2" ? "modern" : "legacy");
  },

  async "a plain tool answers at once"({ session }) {
    const execution = await session.callTool("echo", { message: "hello" });
    assert.equal(execution.kind, "immediate");
    assert.equal(text(await resultOf(execution)), "hello");
  },

  async "a slow tool becomes a task, tells of itself, and ends with its result"({ session }) {
    const execution = await asTask(session, "wait_for", { seconds: 4, label: "here" });
    assert.equal(execution.kind, "task");
    const seen = [];
    const { outcome } = await execution.settle({ onEvent: (event) => void seen.push(event) });
    assert.match(text(resultFromTaskOutcome(outcome)), /here: Waited for 4/);
    assert.ok(seen.some(({ type, task }) => type === "task" && task.status === "working"));
    assert.equal(seen.at(-1).type, "outcome");
  },

  async "a question in mid-run reaches the application, once"({ session, asked }) {
    asked.length = 0;
    const execution = await asTask(session, "publish_page", { title: "Ext tasks", body: "A page made through ext-tasks" });
    const result = await resultOf(execution);
    assert.match(text(result), /Published/);
    assert.equal(asked.length, 1);
    assert.equal(asked[0].request.kind, "elicitation");
    assert.match(asked[0].request.params.message, /Publish the page/);
  },

  async "a picture"({ session }) {
    const execution = await asTask(session, "render_fractal", { width: 160, height: 120, maxIterations: 500 });
    const { content } = await resultOf(execution);
    const image = content.find(({ type }) => type === "image");
    assert.deepEqual([...Buffer.from(image.data, "base64").subarray(0, 4)], PNG);
  },

  async "a typed result"({ session }) {
    const execution = await asTask(session, "analyze_text", { text: "one two two" });
    const { structuredContent } = await resultOf(execution);
    assert.equal(structuredContent.words, 3);
  },

  async "a tool that fails says why"({ session }) {
    const execution = await asTask(session, "wait_for", { seconds: 601 });
    const { outcome } = await execution.settle();
    const said = outcome.status === "failed" ? outcome.error.message : text(outcome.result);
    assert.match(said, /seconds must be from 0 to 600/);
  },

  async "cancelled by its owner"({ session }) {
    const execution = await asTask(session, "wait_for", { seconds: 300 });
    assert.equal(execution.kind, "task");
    await execution.cancel();
    assert.equal((await execution.result()).status, "cancelled");
    assert.equal((await session.task(execution.handle.taskId).snapshot()).status, "cancelled");
  },

  async "handed over, and fetched by somebody else"({ session }, era) {
    const execution = await asTask(session, "wait_for", { seconds: 4, label: "kept" });
    assert.equal(execution.kind, "task");
    let reference;
    await execution.handoff((serialized) => void (reference = serialized));
    assert.equal(reference.generation, era.generation);
    assert.match(text(resultFromTaskOutcome(await fetched(session, reference, era))), /kept: Waited for 4/);
  },

  async "a task that nobody has"({ session }) {
    const error = await rejection(session.task("a".repeat(26)).snapshot());
    assert.match(String(error), /not found|unknown|expired/i);
  },

  async "five at once, each with its own result"({ session }) {
    const labels = ["a", "b", "c", "d", "e"];
    const results = await Promise.all(
      labels.map(async (label) => {
        const execution = await asTask(session, "wait_for", { seconds: 2, label });
        return text(await resultOf(execution));
      }),
    );
    assert.deepEqual(results, labels.map((label) => `${label}: Waited for 2 seconds.`));
  },
};

for (const [version, era] of Object.entries(eras)) {
  say(`tasks of ${version}`);
  const known = await connect(era);
  await run(scenarios, (scenario) => scenario(known, era));
  await close(known);
}
end();
