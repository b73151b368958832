// Drives the sample's tools with the client of protocol 2026-07-28, over Streamable HTTP and over stdio. The client knows no
// tasks: what takes long has to come back through continue_operation, and what asks through input_required.
// Usage: node modern.mjs [http://localhost:8080/mcp]
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { end, overStdio, pause, PNG, rejection, run, say } from "./checks.mjs";

const url = process.argv[2] ?? "http://localhost:8080/mcp";
const VERSION = "2026-07-28";
const META = "io.modelcontextprotocol/";
const TOOLS = [
  "analyze_text",
  "cancel_operation",
  "continue_operation",
  "echo",
  "list_operations",
  "publish_page",
  "render_fractal",
  "wait_for",
];
// More than the server waits by default, and less together with what it waits.
const SLOW_SECONDS = 20;

/** A client whose user answers what `user.answers` says, and what went over the wire, sent or received, in its order. */
async function connect(transport) {
  const client = new Client(
    { name: "async-mcp-sample-npm-modern", version: "0.1.0" },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: "auto" } },
  );
  const user = { questions: [], answers: () => ({ action: "accept", content: { publish: true } }) };
  const wire = { sent: [], received: [], all: [], errors: [], givenUp: new Set() };
  client.onerror = (error) => wire.errors.push(String(error));
  client.setRequestHandler("elicitation/create", ({ params }) => {
    user.questions.push(params);
    return user.answers(params);
  });
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    wire.sent.push(message);
    wire.all.push(message);
    if (message.method === "notifications/cancelled") {
      wire.givenUp.add(message.params.requestId);
    }
    return send(message, options);
  };
  transport.onmessage = (message) => {
    wire.received.push(message);
    wire.all.push(message);
  };
  await client.connect(transport);
  const call = (name, args = {}, options = {}) => client.callTool({ name, arguments: args }, options);
  // Validators of output schemas come with the list.
  await client.listTools();
  return { client, call, transport, user, wire };
}

/** What holds for every message of this protocol, and for a client that declared no tasks. */
function verify({ transport, wire }) {
  // A response may cross its request's cancellation, and the client complains of it.
  const crossed = [...wire.givenUp].map((id) => `unknown message ID: {"jsonrpc":"2.0","id":${id},`);
  // The client handles a notification a tick later than a response that came in one piece with it, and complains of that too.
  // Which one was sent first is looked at below.
  const overtaken = (error) => error.includes("progress notification for an unknown token");
  const isOurs = (error) => !overtaken(error) && !crossed.some((response) => error.includes(response));
  assert.deepEqual(wire.errors.filter(isOurs), []);
  assert.equal(transport.sessionId, undefined);
  assert.ok(wire.all.length > 0, "there must be messages to look at");
  const open = new Map();
  for (const message of wire.all) {
    const { id, method, params, result, error } = message;
    if (wire.sent.includes(message)) {
      assert.doesNotMatch(method, /^initialize$|^tasks\//);
      assert.equal(params._meta[`${META}protocolVersion`], VERSION);
      assert.equal(params._meta[`${META}clientCapabilities`].extensions, undefined);
      if (id !== undefined) {
        open.set(id, params._meta.progressToken);
      }
    } else if (method !== undefined) {
      assert.equal(id, undefined, `a server asks nothing by itself, but sent ${JSON.stringify(message)}`);
      assert.equal(method, "notifications/progress");
      assert.ok([...open.values()].includes(params.progressToken), `nobody waits for ${JSON.stringify(params)}`);
    } else {
      assert.ok(open.delete(id) || wire.givenUp.has(id), `nobody waits for ${JSON.stringify(message)}`);
      assert.ok(error || ["complete", "input_required"].includes(result.resultType), JSON.stringify(result));
      assert.doesNotMatch(JSON.stringify(result ?? {}), /"taskId"|"resultType":"task"/);
    }
  }
}

/** The calls of a tool on the wire, each with its response. */
const exchanges = ({ sent, received }, tool) =>
  sent
    .filter(({ method, params }) => method === "tools/call" && params.name === tool)
    .map((request) => ({ request, response: received.find(({ id }) => id === request.id) }));

const text = (result) => result.content[0].text;

function assertHandle(result, tool) {
  assert.equal(result.structuredContent?.status, "processing", JSON.stringify(result));
  assert.equal(result.structuredContent.operation_type, tool);
  assert.notEqual(result.isError, true);
  assert.match(text(result), /continue_operation/);
  return result.structuredContent.operation_id;
}

function assertIncreasing(reports) {
  assert.ok(reports.length > 0, "there must be progress");
  reports.slice(1).forEach(({ progress }, index) => assert.ok(progress > reports[index].progress));
  assert.match(reports.at(-1).message, /waited \d+ of/);
}

async function eventually(what, condition, seconds = 5) {
  for (let i = 0; i < seconds * 10; i++) {
    if (await condition()) {
      return;
    }
    await pause(0.1);
  }
  assert.fail(`${what}, but not within ${seconds} s`);
}

/** What the actuator's endpoint shows: operations that have ended, and those whose callers got a handle. */
const operations = async () => (await (await fetch(new URL("/actuator/asyncoperations", url))).json()).operations;

/** Starts to wait for longer than anybody wants to, gives up, and finds the operation cancelled. */
async function assertAbortEndsTheWork({ call, wire }, begun, limitSeconds, options) {
  const known = new Set((await operations()).map(({ id }) => id));
  const abort = new AbortController();
  // No two of them alike: who makes a call again that it has given up gets a handle before it would do so again.
  const given = rejection(call("wait_for", { seconds: 300 + limitSeconds }, { signal: abort.signal, ...options }));
  await begun();
  abort.abort("enough");
  assert.match(String(await given), /enough/);
  await eventually(
    "the operation is cancelled",
    async () => (await operations()).find(({ id }) => !known.has(id))?.status === "CANCELLED",
    limitSeconds,
  );
  assert.equal(exchanges(wire, "wait_for").at(-1).response, undefined);
}

const both = {
  async "the version, and what server/discover says"({ client, transport }) {
    assert.equal(client.getNegotiatedProtocolVersion(), VERSION);
    assert.equal(client.getProtocolEra(), "modern");
    const discovered = client.getDiscoverResult();
    assert.equal(discovered.supportedVersions[0], VERSION);
    assert.ok(discovered.supportedVersions.includes("2025-11-25"));
    const { capabilities } = discovered;
    assert.deepEqual(capabilities.tools, { listChanged: true });
    assert.deepEqual(capabilities.extensions, { [`${META}tasks`]: {} });
    // Where the tasks of protocol 2025-11-25 stand.
    assert.equal(capabilities.tasks, undefined);
    assert.deepEqual(client.getServerVersion(), { name: "async-mcp-sample", version: "0.1.0" });
    assert.ok(discovered.ttlMs > 0);
    assert.equal(discovered.cacheScope, "private");
    const { capabilities: again, supportedVersions } = await client.discover();
    assert.deepEqual(again, capabilities);
    assert.deepEqual(supportedVersions, discovered.supportedVersions);
  },

  async "tools, resources and prompts"({ client }) {
    const { tools } = await client.listTools(undefined, { cacheMode: "refresh" });
    // Over HTTP nothing ties the requests of an anonymous client together, so that it can have no list of operations.
    const listless = client.transport instanceof StreamableHTTPClientTransport;
    assert.deepEqual(
      tools.map(({ name }) => name).sort(),
      TOOLS.filter((name) => !listless || name !== "list_operations"),
    );
    for (const tool of tools) {
      assert.equal(tool.inputSchema.type, "object");
      assert.ok(tool.description.length > 0);
      assert.equal(tool.execution, undefined, "task support was announced like this in protocol 2025-11-25");
    }
    assert.deepEqual((await client.listResources()).resources, []);
    assert.deepEqual((await client.listResourceTemplates()).resourceTemplates, []);
    assert.deepEqual((await client.listPrompts()).prompts, []);
  },

  async "a plain tool"({ call }) {
    assert.equal(text(await call("echo", { message: "grüß dich" })), "grüß dich");
  },

  async "a typed result"({ call }) {
    const { structuredContent, isError } = await call("analyze_text", { mostFrequent: 1 });
    assert.notEqual(isError, true);
    assert.equal(structuredContent.words, 1336);
    assert.deepEqual(structuredContent.mostFrequentWords, [{ word: "of", count: 78 }]);
  },

  async "a picture"({ call }) {
    const result = await call("render_fractal", { width: 320, height: 240 });
    const picture = result.content.find(({ type }) => type === "image");
    assert.equal(picture.mimeType, "image/png");
    assert.deepEqual([...Buffer.from(picture.data, "base64").subarray(0, PNG.length)], PNG);
  },

  async "progress"({ call }) {
    const reports = [];
    const result = await call(
      "wait_for",
      { seconds: 3, label: "here" },
      { onprogress: (report) => reports.push(report) },
    );
    assert.equal(text(result), "here: Waited for 3 seconds.");
    assertIncreasing(reports);
  },

  async "a slow tool comes back through continue_operation"({ call, wire }) {
    const first = [];
    const then = [];
    const start = performance.now();
    const handle = await call(
      "wait_for",
      { seconds: SLOW_SECONDS, label: "slow" },
      { onprogress: (report) => first.push(report) },
    );
    const operation_id = assertHandle(handle, "wait_for");
    const handled = (performance.now() - start) / 1000;
    assert.ok(handled < 15, `a client that we do not know gets its handle within 15 s, but it took ${handled} s`);
    const result = await call(
      "continue_operation",
      { operation_id, wait_time: 30 },
      { onprogress: (report) => then.push(report) },
    );
    assert.equal(text(result), `slow: Waited for ${SLOW_SECONDS} seconds.`);
    assertIncreasing(first);
    assertIncreasing(then);
    assert.ok(then[0].progress >= first.at(-1).progress);
    const [{ response }] = exchanges(wire, "wait_for").slice(-1);
    assert.equal(response.result.resultType, "complete");
    // As often as one likes.
    assert.deepEqual((await call("continue_operation", { operation_id })).content, result.content);
    return `the handle after ${handled.toFixed(1)} s`;
  },

  async "giving up on a wait does not end the work, cancel_operation does"({ call }) {
    const operation_id = assertHandle(await call("wait_for", { seconds: 300 }), "wait_for");
    const abort = new AbortController();
    const wait = rejection(call("continue_operation", { operation_id, wait_time: 50 }, { signal: abort.signal }));
    await pause(1);
    abort.abort("enough");
    assert.match(String(await wait), /enough/);
    await pause(1);
    assertHandle(await call("continue_operation", { operation_id, wait_time: 0 }), "wait_for");
    assert.notEqual((await call("cancel_operation", { operation_id })).isError, true);
    const cancelled = await call("continue_operation", { operation_id });
    assert.equal(cancelled.structuredContent.status, "cancelled");
  },

  async "a question in mid-run"({ call, user, wire }) {
    const answered = user.answers;
    const before = user.questions.length;
    let quiet;
    user.answers = async (question) => {
      const messages = wire.all.length;
      // The user thinks, and no request is open meanwhile.
      await pause(3);
      quiet = wire.all.length === messages;
      return answered(question);
    };
    const title = `Page of ${Date.now()}`;
    const result = await call("publish_page", { title, body: "Made by a client of 2026-07-28" });
    assert.match(text(result), new RegExp(`Published "${title}"`));
    assert.equal(user.questions.length, before + 1);
    assert.match(user.questions.at(-1).message, new RegExp(title));
    assert.equal(user.questions.at(-1).requestedSchema.properties.publish.type, "boolean");
    assert.ok(quiet);
    const page = result.content.find(({ type }) => type === "resource_link");
    assert.match(await readFile(new URL(page.uri), "utf8"), /Made by a client of 2026-07-28/);

    const [asked, retried] = exchanges(wire, "publish_page").slice(-2);
    assert.equal(asked.response.result.resultType, "input_required");
    const [[key, question]] = Object.entries(asked.response.result.inputRequests);
    assert.equal(question.method, "elicitation/create");
    assert.notEqual(retried.request.id, asked.request.id);
    assert.equal(retried.request.params.requestState, asked.response.result.requestState);
    assert.deepEqual(Object.keys(retried.request.params.inputResponses), [key]);
    assert.equal(retried.response.result.resultType, "complete");
  },

  async "a user who does not agree"({ call, user }) {
    const answers = {
      "the user declined": { action: "decline" },
      "the user closed the question": { action: "cancel" },
      "the user did not agree": { action: "accept", content: { publish: false } },
    };
    for (const [why, answer] of Object.entries(answers)) {
      user.answers = () => answer;
      assert.match(text(await call("publish_page", { title: "No", body: why })), new RegExp(why));
    }
  },

  async "a question to a client that cannot ask its user"({ client, user }) {
    const before = user.questions.length;
    // What is declared in a request is all that the server knows of its client.
    const result = await client.callTool({
      name: "publish_page",
      arguments: { title: "Nobody", body: "asked" },
      _meta: { [`${META}clientCapabilities`]: {} },
    });
    assert.equal(result.isError, true);
    assert.match(text(result), /did not declare the elicitation capability/);
    assert.equal(user.questions.length, before);
  },

  async "what goes wrong"({ call }) {
    const failed = await call("wait_for", { seconds: -1 });
    assert.equal(failed.isError, true);
    assert.match(text(failed), /seconds must be from 0 to 600/);
    const misfit = await call("wait_for", { seconds: "soon" });
    assert.equal(misfit.isError, true);
    const unknown = await call("continue_operation", { operation_id: "zzzzzzzzzzzzzzzzzzzzzzzzzz" });
    assert.equal(unknown.isError, true);
    assert.equal((await rejection(call("no_such_tool"))).code, -32602);
  },

  async "ten calls at once"({ call }) {
    const labels = Array.from({ length: 10 }, (_, index) => `call ${index}`);
    const reports = labels.map(() => []);
    const results = await Promise.all(
      labels.map((label, index) =>
        call("wait_for", { seconds: 2, label }, { onprogress: (report) => reports[index].push(report) }),
      ),
    );
    assert.deepEqual(results.map(text), labels.map((label) => `${label}: Waited for 2 seconds.`));
    reports.forEach(assertIncreasing);
  },
};

const overHttp = {
  async "aborting a call that tells its progress ends its work"(connection) {
    let reports = 0;
    const begun = () => eventually("there is progress", () => reports > 0);
    await assertAbortEndsTheWork(connection, begun, 5, { onprogress: () => reports++ });
  },

  async "aborting a call that says nothing ends its work"(connection) {
    // Noticed when something is written, and not the first time.
    const heartbeat = 3;
    await assertAbortEndsTheWork(connection, () => pause(heartbeat), 3 * heartbeat + 1);
  },
};

const overPipes = {
  async "aborting a call ends its progress"({ call, wire }) {
    const cancelled = await abortedCall({ call, wire }, 301);
    await pause(3);
    const late = wire.all.slice(wire.all.indexOf(cancelled) + 1);
    const { progressToken } = exchanges(wire, "wait_for").at(-1).request.params._meta;
    // One may have been on its way.
    assert.ok(late.filter(({ params }) => params?.progressToken === progressToken).length <= 1);
  },

  async "an aborted call is not responded to"({ call, wire }) {
    await abortedCall({ call, wire }, 302);
    await pause(3);
    assert.equal(exchanges(wire, "wait_for").at(-1).response, undefined);
  },
};

/** Gives up on a call that runs, where only a notification can say so. */
async function abortedCall({ call, wire }, seconds) {
  const abort = new AbortController();
  let reports = 0;
  const given = rejection(
    call("wait_for", { seconds }, { signal: abort.signal, onprogress: () => reports++ }),
  );
  await eventually("there is progress", () => reports > 0);
  abort.abort("enough");
  assert.match(String(await given), /enough/);
  const cancelled = wire.sent.at(-1);
  assert.equal(cancelled.method, "notifications/cancelled");
  return cancelled;
}

async function verified(scenario, connection) {
  const { wire } = connection;
  const answers = connection.user.answers;
  [wire.sent, wire.received, wire.all, wire.errors].forEach((messages) => messages.splice(0));
  try {
    const note = await scenario(connection);
    verify(connection);
    return note;
  } finally {
    connection.user.answers = answers;
  }
}

say(`over Streamable HTTP, ${url}`);
await run({ ...both, ...overHttp }, async (scenario) => {
  const connection = await connect(new StreamableHTTPClientTransport(new URL(url)));
  try {
    return await verified(scenario, connection);
  } finally {
    await connection.client.close();
  }
});

if (process.env.SAMPLE_JAR) {
  say("over stdio");
  // A server takes seconds to start, and the client starts two to find out about the version: one for all scenarios.
  const connection = await connect(new StdioClientTransport(overStdio(process.env.SAMPLE_JAR)));
  await run({ ...both, ...overPipes }, (scenario) => verified(scenario, connection));
  await connection.client.close();
} else {
  say("not over stdio: SAMPLE_JAR is not set");
}
end();
