/**
 * Operations: long work that is started once, watched, awaited and cancelled by anyone who holds its id.
 * Plain Java, without Spring and without the Model Context Protocol.
 */
@NullMarked
package io.asyncmcp;

import org.jspecify.annotations.NullMarked;
