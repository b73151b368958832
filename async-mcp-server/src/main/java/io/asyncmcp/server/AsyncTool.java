package io.asyncmcp.server;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.ai.mcp.annotation.McpTool.McpAnnotations;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Makes a method an MCP tool that may run longer than a client waits.
 *
 * <p>A call that ends within the timeout is answered at once. One that does not goes on in the background, and the
 * client gets an {@code operation_id} to come back with. The method runs on a thread of its own, away from the request's
 * thread: request scope and other thread-bound state that is not propagated does not come along.
 *
 * <p>On its own this annotation defines the tool. Beside {@code @McpTool} or Spring AI's {@code @Tool} it makes that
 * tool asynchronous, and the attributes that describe a tool (name, title, description, hints, output schema) are set there,
 * and refused here. Texts and durations may have placeholders, such as {@code "${report.timeout:30s}"}. How the tool is run
 * (timeout, lifetime, single flight, limit, task support, what cancels it) can be overridden under
 * {@code async.mcp.tools.<tool-name>}.
 *
 * <p>A method may take everything Spring AI injects into {@code @McpTool} methods, and an
 * {@link io.asyncmcp.OperationContext}.
 *
 * @since 0.1.0
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(AsyncToolReflectiveProcessor.class)
public @interface AsyncTool {

    /** The tool's name; the method's name by default. */
    String name() default "";

    /** The tool's title, for people; its name by default. */
    String title() default "";

    /** What the tool does, for the model that chooses it. */
    String description() default "";

    /** Hints about the tool's behaviour. */
    McpAnnotations annotations() default @McpAnnotations;

    /**
     * Whether to publish a schema of the method's return type. Results then come as structured content. Not done for
     * simple values, {@code void} and {@code CallToolResult}.
     */
    boolean generateOutputSchema() default false;

    /**
     * How long a call waits for its result before it gets a handle, such as {@code "5s"} or {@code "PT5S"};
     * {@code async.mcp.default-timeout} by default, {@code "0s"} for a handle at once.
     */
    String timeout() default "";

    /** How long an operation may run, such as {@code "30m"}; {@code async.mcp.max-lifetime} by default. */
    String maxLifetime() default "";

    /**
     * Whether a call with the same arguments by the same owner joins the operation that runs already, instead of
     * starting a second.
     */
    boolean singleFlight() default false;

    /**
     * How many operations of this tool may be active at once; 0, the default, for no limit of its own. Of more than one a caller
     * may have the part that {@code async.mcp.limits.owner-share} says.
     */
    int maxActive() default 0;

    /**
     * Whether cancelling an operation, or the end of its lifetime, may interrupt the thread that runs the method. Say
     * {@code false} where an interrupt does harm, as in the midst of a transaction or in an embedded database, and ask
     * {@link io.asyncmcp.OperationContext#isCancelled()} now and then. {@code async.mcp.interrupt-on-cancel=false} says so for
     * every tool.
     */
    boolean interruptOnCancel() default true;

    /**
     * Whether clients may, must or must not call the tool as a task. A client of protocol 2026-07-28 leaves that to the
     * server: it gets a task if it can handle one and the call is not done at once, and is refused a tool that must be called
     * as a task if it cannot.
     */
    TaskSupport taskSupport() default TaskSupport.OPTIONAL;

    /**
     * How long a task is kept at least, counted from its creation, such as {@code "1h"}, if the client has no say in it or
     * says nothing; as long as the operation may run and then the retention period by default.
     */
    String taskTtl() default "";

    /**
     * How often clients are advised to ask for a task's state, such as {@code "5s"}; {@code async.mcp.tasks.poll-interval}
     * by default.
     */
    String pollInterval() default "";

    /**
     * What its client must do for an operation to be cancelled, as long as the client has no handle for it; one value, or none for
     * {@code async.mcp.cancel-on}. On protocol 2026-07-28 a client that goes away cancels in any case. With {@link #singleFlight}
     * nothing cancels.
     */
    CancelOn[] cancelOn() default {};
}
