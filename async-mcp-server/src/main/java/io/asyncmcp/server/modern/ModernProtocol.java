package io.asyncmcp.server.modern;

import io.modelcontextprotocol.spec.McpSchema;
import java.util.Set;

/** The names of the protocol that the SDK does not know. */
final class ModernProtocol {

    static final String VERSION = "2026-07-28";

    static final String PREFIX = "io.modelcontextprotocol/";

    static final String PROTOCOL_VERSION = PREFIX + "protocolVersion";

    static final String CLIENT_INFO = PREFIX + "clientInfo";

    static final String CLIENT_CAPABILITIES = PREFIX + "clientCapabilities";

    static final String LOG_LEVEL = PREFIX + "logLevel";

    static final String SERVER_INFO = PREFIX + "serverInfo";

    static final String SUBSCRIPTION_ID = PREFIX + "subscriptionId";

    static final String TASKS = PREFIX + "tasks";

    static final String DISCOVER = "server/discover";

    static final String LISTEN = "subscriptions/listen";

    static final String ACKNOWLEDGED = "notifications/subscriptions/acknowledged";

    static final String TASKS_GET = "tasks/get";

    static final String TASKS_UPDATE = "tasks/update";

    static final String TASKS_CANCEL = "tasks/cancel";

    static final String TASK_NOTIFICATION = "notifications/tasks";

    static final String META = "_meta";

    static final String RESULT_TYPE = "resultType";

    static final String INPUT_RESPONSES = "inputResponses";

    static final String REQUEST_STATE = "requestState";

    static final Set<String> CACHEABLE = Set.of(
            DISCOVER,
            McpSchema.METHOD_TOOLS_LIST,
            McpSchema.METHOD_PROMPT_LIST,
            McpSchema.METHOD_RESOURCES_LIST,
            McpSchema.METHOD_RESOURCES_TEMPLATES_LIST,
            McpSchema.METHOD_RESOURCES_READ);

    /** What the SDK's handlers answer. */
    static final Set<String> OF_THE_SDK = Set.of(
            McpSchema.METHOD_TOOLS_LIST,
            McpSchema.METHOD_TOOLS_CALL,
            McpSchema.METHOD_PROMPT_LIST,
            McpSchema.METHOD_PROMPT_GET,
            McpSchema.METHOD_RESOURCES_LIST,
            McpSchema.METHOD_RESOURCES_TEMPLATES_LIST,
            McpSchema.METHOD_RESOURCES_READ,
            McpSchema.METHOD_COMPLETION_COMPLETE);

    private ModernProtocol() {}
}
