// Another peer: a plain tool on FastMCP.
import { createServer } from 'node:net';
import { FastMCP } from 'fastmcp';

const freePort = () =>
    new Promise((resolve, reject) => {
        const socket = createServer();
        socket.on('error', reject);
        socket.listen(0, '127.0.0.1', () => {
            const { port } = socket.address();
            socket.close(() => resolve(port));
        });
    });

const server = new FastMCP({ name: 'async-mcp-benchmark-peer', version: '0.1.0' });
server.addTool({ name: 'plain', description: 'Does nothing', execute: async () => 'done' });

const port = await freePort();
await server.start({ transportType: 'httpStream', httpStream: { host: '127.0.0.1', port } });
console.log(`started on port ${port}`);
