package io.asyncmcp.autoconfigure.owner;

class ContextPropagationAsyncIT extends ContextPropagationContract {

    ContextPropagationAsyncIT() {
        super("ASYNC");
    }
}
