package io.asyncmcp.autoconfigure.owner;

class ContextPropagationSyncIT extends ContextPropagationContract {

    ContextPropagationSyncIT() {
        super("SYNC");
    }
}
