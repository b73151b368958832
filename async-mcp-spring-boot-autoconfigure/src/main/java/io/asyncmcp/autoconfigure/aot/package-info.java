/**
 * Hints for native images: what the modules below look up by name at run time.
 * Beans, properties, endpoints and annotated tools need none from here; their frameworks see them.
 */
@NullMarked
package io.asyncmcp.autoconfigure.aot;

import org.jspecify.annotations.NullMarked;
