/**
 * The server that the official MCP conformance suite is run against: the tools, prompts and resources it asks for.
 * Tools are asynchronous wherever the suite lets us, so that our transports and our exchange are what is judged.
 */
@NullMarked
package io.asyncmcp.conformance;

import org.jspecify.annotations.NullMarked;
