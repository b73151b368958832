/**
 * What an operator sees and steers: the endpoint of operations, and health.
 * Neither shows an id, an owner's name, arguments, results or a tool's messages.
 */
@NullMarked
package io.asyncmcp.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
