/**
 * The soak: starts a server in a JVM of its own, has all kinds of clients use it for a while, and then asks for an account of
 * every call, and for everything back that a server without clients does not need.
 */
@NullMarked
package io.asyncmcp.soak;

import org.jspecify.annotations.NullMarked;
