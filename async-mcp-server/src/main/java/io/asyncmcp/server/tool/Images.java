package io.asyncmcp.server.tool;

import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** Images as a client can show them. A Java runtime may lack the module {@code java.desktop}. */
final class Images {

    private static final boolean PRESENT =
            ClassUtils.isPresent("java.awt.image.RenderedImage", Images.class.getClassLoader());

    private Images() {}

    static boolean isImage(Class<?> type) {
        return PRESENT && RenderedImage.class.isAssignableFrom(type);
    }

    /** Returns the value as an image, or {@code null} if it is none. */
    static @Nullable Content content(Object value) {
        return PRESENT && value instanceof RenderedImage image ? png(image) : null;
    }

    private static Content png(RenderedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, "png", bytes)) {
                throw new IllegalStateException("the image cannot be written as PNG");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ImageContent.builder(Base64.getEncoder().encodeToString(bytes.toByteArray()), "image/png")
                .build();
    }
}
