package io.asyncmcp.sample.pages;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the pages.
 *
 * @param pagesFolder Folder that pages are written to; made when the first page is.
 */
@ConfigurationProperties("sample")
record PagesProperties(Path pagesFolder) {}
