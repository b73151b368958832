package io.asyncmcp.sample.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Puts a picture into a file, once it is sure that it is one. */
final class Picture {

    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private Picture() {}

    static Path save(byte[] image, Path file) throws IOException {
        if (image.length < PNG.length || !Arrays.equals(image, 0, PNG.length, PNG, 0, PNG.length)) {
            throw new IllegalStateException(
                    "the picture must be a PNG, but its " + image.length + " bytes do not start like one");
        }
        Path absolute = file.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return Files.write(absolute, image);
    }
}
