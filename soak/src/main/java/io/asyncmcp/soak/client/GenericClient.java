package io.asyncmcp.soak.client;

import io.asyncmcp.soak.client.Plan.Afterwards;
import io.asyncmcp.soak.client.Plan.Course;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The MCP Java SDK's client, as an application uses it that has never heard of this library. */
public final class GenericClient extends SoakClient {

    private final String url;

    private final String user;

    /** Where calls run that are given up in the middle. */
    private final Executor threads;

    private @Nullable McpSyncClient client;

    public GenericClient(String url, String user, Executor threads, Plans plans, Tally tally, Book book) {
        super(Face.GENERIC, plans, tally, book);
        this.url = url;
        this.user = user;
        this.threads = threads;
    }

    @Override
    void connect() {
        var transport = HttpClientStreamableHttpTransport.builder(url);
        if (!user.isEmpty()) {
            transport.requestBuilder(HttpRequest.newBuilder().header("Authorization", Wire.authorization(user)));
        }
        McpSyncClient connected = McpClient.sync(transport.build())
                .requestTimeout(PATIENCE)
                .initializationTimeout(PATIENCE)
                .capabilities(ClientCapabilities.builder().elicitation().build())
                .elicitation(this::answer)
                .progressConsumer(progress -> count(Event.TOLD_OF_PROGRESS))
                .build();
        connected.initialize();
        client = connected;
    }

    private McpSyncClient client() {
        return Objects.requireNonNull(client, "not connected");
    }

    private ElicitResult answer(ElicitFormRequest question) {
        count(Event.ANSWERED_A_QUESTION);
        return ElicitResult.builder(ElicitResult.Action.ACCEPT)
                .content(Map.of("yes", true))
                .build();
    }

    @Override
    Fate perform(Plan plan) throws InterruptedException {
        if (plan.course() == Course.VANISH) {
            return vanish(plan);
        }
        if (plan.curious()) {
            call("list_operations", Map.of(), plan);
            count(Event.LISTED);
        }
        Reply reply = call(plan.tool().toString(), plan.arguments(), plan);
        if (plan.tool() == Tool.PLAIN) {
            count(Event.CALLED_A_PLAIN_TOOL);
            return end(plan, reply);
        }
        if (!reply.isProcessing()) {
            Fate end = end(plan, reply);
            if (end != Fate.REFUSED) {
                count(Event.ANSWERED_IN_TIME);
            }
            return end;
        }
        count(Event.GIVEN_A_HANDLE);
        String handle = reply.operationId();
        forget(handle);
        return switch (plan.course()) {
            case LEAVE -> {
                count(Event.LEFT_AN_OPERATION_ALONE);
                yield Fate.LEFT;
            }
            case CANCEL -> {
                pause(plan.patience());
                Reply cancelled = call("cancel_operation", Map.of("operation_id", handle), plan);
                count(cancelled.text().contains("is cancelled") ? Event.CANCELLED : Event.CANCELLED_TOO_LATE);
                yield comeBack(plan, handle);
            }
            case FOLLOW, VANISH -> comeBack(plan, handle);
        };
    }

    private Fate comeBack(Plan plan, String handle) {
        while (true) {
            Reply reply =
                    call("continue_operation", Map.<String, Object>of("operation_id", handle, "wait_time", 1), plan);
            if (!reply.isProcessing()) {
                return end(plan, reply);
            }
        }
    }

    /** Ends this client in the middle of a call; another takes its place. */
    private Fate vanish(Plan plan) throws InterruptedException {
        McpSyncClient leaving = client();
        threads.execute(() -> {
            try {
                leaving.callTool(request(plan.tool().toString(), plan.arguments(), plan));
            } catch (RuntimeException e) {
                // It has been closed.
            }
        });
        pause(plan.patience());
        leaving.close();
        count(Event.CLOSED_THE_CONNECTION);
        connect();
        return Fate.LOST;
    }

    private Reply call(String tool, Map<String, Object> arguments, Plan plan) {
        return Reply.of(client().callTool(request(tool, arguments, plan)));
    }

    private static CallToolRequest request(String tool, Map<String, Object> arguments, Plan plan) {
        return CallToolRequest.builder(tool)
                .arguments(arguments)
                .progressToken(plan.key())
                .build();
    }

    @Override
    void askForExpired(String handle) {
        Reply reply = Reply.of(client().callTool(CallToolRequest.builder("continue_operation")
                .arguments(Map.of("operation_id", handle))
                .build()));
        if (!reply.isUnknown()) {
            throw new Unexpected("still known", reply);
        }
    }

    /** This client always deletes its session. */
    @Override
    void restart(Afterwards afterwards) {
        if (afterwards == Afterwards.DELETE) {
            disconnect();
            connect();
        }
    }

    @Override
    void disconnect() {
        client().closeGracefully();
        count(Event.DELETED_A_SESSION);
    }
}
