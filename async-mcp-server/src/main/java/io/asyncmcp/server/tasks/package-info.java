/**
 * Operations as tasks of protocol 2025-11-25.
 *
 * <p>A face: it translates between {@code tasks/*} and operations, and keeps nothing but who listens.
 */
@NullMarked
package io.asyncmcp.server.tasks;

import org.jspecify.annotations.NullMarked;
