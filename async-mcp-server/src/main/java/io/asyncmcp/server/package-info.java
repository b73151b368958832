/**
 * Offers operations to clients of the Model Context Protocol as tools and as tasks.
 * Works with Spring AI's MCP annotations and does not need Spring Boot.
 */
@NullMarked
package io.asyncmcp.server;

import org.jspecify.annotations.NullMarked;
