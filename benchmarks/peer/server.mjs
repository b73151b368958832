// The peer: the benchmarks' tools on the npm SDK, with its experimental tasks and its store in memory.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { InMemoryTaskMessageQueue, InMemoryTaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

const taskStore = new InMemoryTaskStore();
const taskMessageQueue = new InMemoryTaskMessageQueue();
const transports = new Map();

const text = (value) => ({ content: [{ type: 'text', text: value }] });

/** A body as a task: the SDK keeps it, and a client that asks for none waits while the SDK polls for it. */
function asTask(body) {
    return {
        async createTask(args, { taskStore: store, taskRequestedTtl }) {
            const task = await store.createTask({ ttl: taskRequestedTtl, pollInterval: 100 });
            body(args).then((result) => store.storeTaskResult(task.taskId, 'completed', result));
            return { task };
        },
        getTask: (_args, { taskId, taskStore: store }) => store.getTask(taskId),
        getTaskResult: (_args, { taskId, taskStore: store }) => store.getTaskResult(taskId),
    };
}

function newServer() {
    const server = new McpServer(
        { name: 'async-mcp-benchmark-peer', version: '0.1.0' },
        {
            capabilities: { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } },
            taskStore,
            taskMessageQueue,
        },
    );
    server.registerTool('plain', { description: 'Does nothing', inputSchema: {} }, async () => text('done'));
    const execution = { taskSupport: 'optional' };
    server.experimental.tasks.registerToolTask(
        'task',
        { description: 'Does nothing, as a task', inputSchema: {}, execution },
        asTask(async () => text('done')),
    );
    server.experimental.tasks.registerToolTask(
        'sleep',
        { description: 'Waits, and returns when it woke up', inputSchema: { millis: z.number() }, execution },
        asTask(async ({ millis }) => {
            await sleep(millis);
            return text(String(Math.round((performance.timeOrigin + performance.now()) * 1000)));
        }),
    );
    return server;
}

async function transportFor(request) {
    const session = request.headers['mcp-session-id'];
    if (session) {
        return transports.get(session);
    }
    const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => transports.set(id, transport),
    });
    await newServer().connect(transport);
    return transport;
}

const http = createServer(async (request, response) => {
    const transport = await transportFor(request);
    if (!transport) {
        response.writeHead(404).end();
        return;
    }
    await transport.handleRequest(request, response);
});
http.keepAliveTimeout = 0;
http.listen(0, '127.0.0.1', () => console.log(`started on port ${http.address().port}`));
