package io.asyncmcp.autoconfigure.transport;

class StdioSyncIT extends StdioContract {

    StdioSyncIT() {
        super("SYNC");
    }
}
