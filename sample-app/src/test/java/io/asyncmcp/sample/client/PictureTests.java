package io.asyncmcp.sample.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureTests {

    @TempDir
    private Path folder;

    @Test
    void pictureIsSavedInAFolderMadeForIt() throws IOException {
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1};

        Path file = Picture.save(png, folder.resolve("new/picture.png"));

        assertThat(file).hasBinaryContent(png);
    }

    @Test
    void whatIsNotAPictureIsRefused() {
        Path file = folder.resolve("picture.png");

        assertThatIllegalStateException()
                .isThrownBy(() -> Picture.save("GIF89a".getBytes(), file))
                .withMessageContaining("must be a PNG");
        assertThat(file).doesNotExist();
    }
}
