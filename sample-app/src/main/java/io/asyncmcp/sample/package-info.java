/**
 * A server with tools that take long, to run and to read.
 * It uses the library as any application would, through the starter alone.
 */
@NullMarked
package io.asyncmcp.sample;

import org.jspecify.annotations.NullMarked;
