/**
 * What can be written as JSON, and how large it will be; and objects that were read, as maps.
 *
 * <p>Everything here looks at values; writing them is the transports' affair.
 */
@NullMarked
package io.asyncmcp.server.json;

import org.jspecify.annotations.NullMarked;
