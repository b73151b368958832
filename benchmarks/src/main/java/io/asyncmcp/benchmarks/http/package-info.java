/**
 * Benchmarks over HTTP: a load driver, and servers in JVMs of their own.
 * The driver writes as little as it can of HTTP itself, so that what is measured is the server.
 */
@NullMarked
package io.asyncmcp.benchmarks.http;

import org.jspecify.annotations.NullMarked;
