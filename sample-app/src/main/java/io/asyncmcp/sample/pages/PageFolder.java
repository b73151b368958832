package io.asyncmcp.sample.pages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.util.Locale;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** The one folder that pages go to. Names are made here, never taken over, and no page replaces another. */
@Component
@EnableConfigurationProperties(PagesProperties.class)
final class PageFolder {

    private static final int MAX_NAME_LENGTH = 60;

    private static final int MAX_PAGES_OF_ONE_NAME = 1000;

    private final Path folder;

    PageFolder(PagesProperties properties) {
        this.folder = properties.pagesFolder().toAbsolutePath().normalize();
    }

    /**
     * Writes a page.
     *
     * @param title what its name is made of
     * @param html the page
     * @return the file
     */
    Path write(String title, String html) throws IOException {
        Files.createDirectories(folder);
        String name = fileName(title);
        for (int number = 1; number <= MAX_PAGES_OF_ONE_NAME; number++) {
            Path file = folder.resolve(number == 1 ? name + ".html" : name + "-" + number + ".html");
            try {
                return Files.writeString(
                        file, html, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            } catch (FileAlreadyExistsException e) {
                // Taken, maybe a moment ago by another page of this title: the next number.
            }
        }
        throw new IOException("there are " + MAX_PAGES_OF_ONE_NAME + " pages of this title already; choose another");
    }

    /** Makes a name of lower-case ASCII letters, digits and single hyphens: no dot, no separator, no reserved sign. */
    static String fileName(String title) {
        String plain = Normalizer.normalize(title, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
        String cut = plain.substring(0, Math.min(plain.length(), MAX_NAME_LENGTH));
        // The prefix keeps clear of names that Windows takes for devices, such as con and nul.
        return "page-" + cut.replaceAll("^-|-$", "");
    }
}
