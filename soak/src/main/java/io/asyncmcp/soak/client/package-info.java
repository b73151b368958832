/**
 * The clients that make the load, one class for each way to reach an operation. Each draws its plans at random, follows them
 * over real HTTP, and notes what it saw; none knows what the server says of itself.
 */
@NullMarked
package io.asyncmcp.soak.client;

import org.jspecify.annotations.NullMarked;
