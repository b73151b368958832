/**
 * The server that is measured over HTTP.
 * It has the same tools plain and asynchronous, and nothing that would cost more than they do.
 */
@NullMarked
package io.asyncmcp.benchmarks.server;

import org.jspecify.annotations.NullMarked;
