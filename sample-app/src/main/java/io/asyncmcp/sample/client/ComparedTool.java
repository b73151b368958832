package io.asyncmcp.sample.client;

/** The two tools that are compared. They do nothing, and give the same answer to nearly the same request. */
enum ComparedTool {
    PLAIN("echo") {
        @Override
        String arguments(String label) {
            return "{\"message\":\"" + answerTo(label) + "\"}";
        }
    },
    ASYNCHRONOUS("wait_for") {
        @Override
        String arguments(String label) {
            return "{\"seconds\":0,\"label\":\"" + label + "\"}";
        }
    };

    private final String toolName;

    ComparedTool(String toolName) {
        this.toolName = toolName;
    }

    String toolName() {
        return toolName;
    }

    /** Returns the arguments of a call, as JSON. */
    abstract String arguments(String label);

    /** Returns what either tool answers to a call. */
    static String answerTo(String label) {
        return label + ": Waited for 0 seconds.";
    }
}
