package io.asyncmcp.sample.pages;

import org.springframework.web.util.HtmlUtils;

/**
 * Turns a title and a body into a page.
 *
 * <p>Of Markdown it knows headings, list items and paragraphs. Everything else is text, and all text is escaped before
 * any tag is put around it.
 */
final class PageHtml {

    private PageHtml() {}

    static String page(String title, String body) {
        String escapedTitle = escape(title);
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'">
                <title>%s</title>
                </head>
                <body>
                <h1>%s</h1>
                %s</body>
                </html>
                """.formatted(escapedTitle, escapedTitle, blocks(body));
    }

    private static String blocks(String body) {
        StringBuilder html = new StringBuilder();
        for (String block : body.strip().split("\\R\\s*\\R")) {
            appendBlock(html, block.strip());
        }
        return html.toString();
    }

    private static void appendBlock(StringBuilder html, String block) {
        if (block.isEmpty()) {
            return;
        }
        int level = headingLevel(block);
        if (level > 0) {
            element(html, "h" + level, block.substring(level).strip());
        } else if (block.lines().allMatch(line -> line.startsWith("- ") || line.startsWith("* "))) {
            html.append("<ul>\n");
            block.lines().forEach(line -> element(html, "li", line.substring(2).strip()));
            html.append("</ul>\n");
        } else {
            element(html, "p", block);
        }
    }

    /** Returns 1 to 6 for a block that is one line and starts with as many number signs and a blank, or 0. */
    private static int headingLevel(String block) {
        int signs = 0;
        while (signs < block.length() && block.charAt(signs) == '#') {
            signs++;
        }
        boolean heading = signs >= 1
                && signs <= 6
                && block.startsWith(" ", signs)
                && block.lines().count() == 1;
        return heading ? signs : 0;
    }

    private static void element(StringBuilder html, String tag, String text) {
        html.append('<').append(tag).append('>').append(escape(text));
        html.append("</").append(tag).append(">\n");
    }

    private static String escape(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }
}
