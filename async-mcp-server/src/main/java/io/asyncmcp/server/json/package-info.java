/**
 * What can be written as JSON, and how large it will be; objects that were read, as maps; and what may be said when that fails.
 *
 * <p>Everything here looks at values; writing them is the transports' affair.
 */
@NullMarked
package io.asyncmcp.server.json;

import org.jspecify.annotations.NullMarked;
