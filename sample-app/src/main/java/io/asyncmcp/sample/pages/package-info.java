/**
 * The tool {@code publish_page}: a web page that is written once the user has agreed.
 * Asks in the middle of a run, and keeps to one folder whatever a title or a body says.
 */
@NullMarked
package io.asyncmcp.sample.pages;

import org.jspecify.annotations.NullMarked;
