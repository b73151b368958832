package io.asyncmcp.sample.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageFolderTests {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "Hello World, page-hello-world",
        "  --Hello--  , page-hello",
        "Ünïcödé, page-unicode",
        "日本, page-",
        "CON, page-con",
        "a.b.html, page-a-b-html"
    })
    void nameIsMadeOfTheTitle(String title, String name) {
        assertThat(PageFolder.fileName(title)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "/etc/passwd", "..\\..\\x", "C:\\x", "a\0b", "..", "."})
    void pageStaysInItsFolder(String title) throws IOException {
        Path file = new PageFolder(new PagesProperties(folder)).write(title, "x");

        assertThat(file).exists().hasParent(folder);
    }

    @Test
    void longTitleIsCut() {
        assertThat(PageFolder.fileName("x".repeat(500))).hasSizeLessThan(70);
    }

    @Test
    void noPageReplacesAnother() throws IOException {
        PageFolder pages = new PageFolder(new PagesProperties(folder.resolve("made/when/needed")));

        Path first = pages.write("Same", "first");
        Path second = pages.write("Same", "second");

        assertThat(first).hasFileName("page-same.html").hasContent("first");
        assertThat(second).hasFileName("page-same-2.html").hasContent("second");
    }
}
