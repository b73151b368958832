package io.asyncmcp.server.modern;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.server.tool.OperationCalls;

/**
 * Where a request's work runs.
 *
 * @param name tells the engines of one server apart
 * @param executor runs the work
 * @param calls runs calls with it
 */
record NamedExecutor(String name, AsyncExecutor executor, OperationCalls calls) {}
