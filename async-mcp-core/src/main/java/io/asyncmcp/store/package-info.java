/**
 * Where operations are kept while they run and until their results expire.
 * A store decides races by comparing and setting; it never runs work itself.
 */
@NullMarked
package io.asyncmcp.store;

import org.jspecify.annotations.NullMarked;
