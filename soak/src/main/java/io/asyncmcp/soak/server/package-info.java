/**
 * The server that is put under load. Its tools do what can go wrong with long-running tools, and keep a ledger of what they
 * did; its endpoint shows what a server has to give back when everybody has gone.
 */
@NullMarked
package io.asyncmcp.soak.server;

import org.jspecify.annotations.NullMarked;
