/**
 * The tool {@code analyze_text}: numbers about a text.
 * Its result is a record, so clients get structured content and a schema that describes it.
 */
@NullMarked
package io.asyncmcp.sample.text;

import org.jspecify.annotations.NullMarked;
