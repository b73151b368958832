// Waits for a picture that takes longer than a minute and a half, through requests that give up after 60 seconds.
// Usage: node long-render.mjs [http://localhost:8080/mcp] [picture.png]
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { DEFAULT_REQUEST_TIMEOUT_MSEC } from "@modelcontextprotocol/sdk/shared/protocol.js";

const url = process.argv[2] ?? "http://localhost:8080/mcp";
const file = resolve(
  process.argv[3] ?? fileURLToPath(new URL("../../target/long-render-npm.png", import.meta.url)),
);

const AT_LEAST_SECONDS = 90;
// Far enough above, because a processor that was busy while it was measured may get quicker.
const WANTED_SECONDS = 130;
const PATIENCE_SECONDS = 600;
const MAX_ITERATIONS = 100_000;
const MAX_SUPERSAMPLING = 8;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const start = performance.now();
const seconds = () => (performance.now() - start) / 1000;
const say = (text) => console.log(`${seconds().toFixed(1).padStart(7)} s  ${text}`);

let nextProgress = 0;
const onprogress = ({ message, progress }) => {
  if (seconds() >= nextProgress) {
    nextProgress = seconds() + 5;
    say(`    progress: ${message ?? progress}`);
  }
};

const client = new Client({ name: "async-mcp-sample-npm", version: "0.1.0" });

// No timeout of our own: every request has the SDK's default.
async function call(name, args) {
  nextProgress = seconds() + 5;
  return client.callTool({ name, arguments: args }, undefined, { onprogress });
}

async function callToTheEnd(name, args) {
  const called = seconds();
  let result = await call(name, args);
  let handles = 0;
  while (result.structuredContent?.status === "processing") {
    handles++;
    const { operation_id, elapsed_seconds } = result.structuredContent;
    if (seconds() - called > PATIENCE_SECONDS) {
      throw new Error(`${name} has no result after ${PATIENCE_SECONDS} s`);
    }
    say(`<-- processing after ${elapsed_seconds.toFixed(1)} s, operation_id ${operation_id}`);
    say("--> continue_operation, wait_time 30 s");
    result = await call("continue_operation", { operation_id, wait_time: 30 });
  }
  if (result.isError) {
    throw new Error(`${name} failed: ${JSON.stringify(result.content)}`);
  }
  return { result, handles };
}

const settings = (size, supersampling, maxIterations) => ({
  width: 160 * size,
  height: 120 * size,
  supersampling,
  maxIterations,
});

// The big picture has 25 times the pixels of the small one; its time grows with the square of the supersampling and,
// because nearly all of it goes into the points inside the set, with the iterations.
async function settingsThatLast(wanted) {
  const small = settings(1, 1, MAX_ITERATIONS);
  await callToTheEnd("render_fractal", small);
  const before = seconds();
  await callToTheEnd("render_fractal", small);
  const full = (seconds() - before) * 25;
  let supersampling = 1;
  while (supersampling < MAX_SUPERSAMPLING && full * supersampling ** 2 < wanted) {
    supersampling++;
  }
  const share = wanted / (full * supersampling ** 2);
  return settings(5, supersampling, Math.round(Math.min(MAX_ITERATIONS, Math.max(1000, MAX_ITERATIONS * share))));
}

async function main() {
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  say(`connected to ${url}; this client gives up on a request after ${DEFAULT_REQUEST_TIMEOUT_MSEC / 1000} s`);
  const { tools } = await client.listTools();
  say(`tools: ${tools.map((tool) => tool.name).sort().join(", ")}`);
  const wanted = await settingsThatLast(WANTED_SECONDS);
  say(`--> render_fractal ${JSON.stringify(wanted)}: about ${WANTED_SECONDS} s if this machine stays as free`);
  const called = seconds();
  const { result, handles } = await callToTheEnd("render_fractal", wanted);
  const took = seconds() - called;
  const image = result.content.find((content) => content.type === "image");
  if (image === undefined) {
    throw new Error(`the result has no picture: ${JSON.stringify(result.content)}`);
  }
  const bytes = Buffer.from(image.data, "base64");
  if (!PNG.every((byte, index) => bytes[index] === byte)) {
    throw new Error("the picture must be a PNG, but does not start like one");
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
  say(`<-- the result, ${took.toFixed(1)} s after the call and ${handles} handles later: ${bytes.length} bytes of PNG`);
  say(`    saved as ${file}`);
  if (took <= AT_LEAST_SECONDS) {
    throw new Error(`the picture took ${took.toFixed(1)} s, but should have taken more than ${AT_LEAST_SECONDS} s`);
  }
  await client.close();
  say("PASSED");
}

const bound = setTimeout(() => {
  say(`FAILED: no end after ${PATIENCE_SECONDS} s`);
  process.exit(1);
}, PATIENCE_SECONDS * 1000);

main().then(
  () => clearTimeout(bound),
  (error) => {
    say(`FAILED: ${error.message}`);
    process.exit(1);
  },
);
