package io.asyncmcp.autoconfigure.transport;

class StdioAsyncIT extends StdioContract {

    StdioAsyncIT() {
        super("ASYNC");
    }
}
