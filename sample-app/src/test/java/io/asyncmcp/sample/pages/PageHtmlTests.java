package io.asyncmcp.sample.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageHtmlTests {

    @Test
    void headingsListsAndParagraphsBecomeElements() {
        String html = PageHtml.page("Title", "## Part\n\nSome\ntext\n\n- one\n- two");

        assertThat(html).contains("<h2>Part</h2>\n<p>Some\ntext</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "# %s", "- %s"})
    void bodyIsEscapedWhereverItEndsUp(String template) {
        String html = PageHtml.page("Title", template.formatted("<script>alert('x') & \"y\"</script>"));

        assertThat(html)
                .doesNotContain("<script")
                .contains("&lt;script&gt;alert(&#39;x&#39;) &amp; &quot;y&quot;&lt;/script&gt;");
    }

    @Test
    void titleIsEscaped() {
        assertThat(PageHtml.page("</title><script>", "x"))
                .doesNotContain("<script")
                .contains("<title>&lt;/title&gt;&lt;script&gt;</title>");
    }

    @Test
    void lettersOfAllLanguagesStayAsTheyAre() {
        assertThat(PageHtml.page("Grüße", "日本 100%")).contains("<h1>Grüße</h1>", "<p>日本 100%</p>");
    }

    @Test
    void sevenNumberSignsAreText() {
        assertThat(PageHtml.page("Title", "####### x")).contains("<p>####### x</p>");
    }
}
