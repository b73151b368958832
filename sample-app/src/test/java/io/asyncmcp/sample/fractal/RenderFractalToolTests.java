package io.asyncmcp.sample.fractal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncmcp.sample.RecordingContext;
import io.asyncmcp.sample.RecordingContext.Report;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.concurrent.CancellationException;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RenderFractalToolTests {

    private static final int BLACK = 0xff000000;

    private final RenderFractalTool tool = new RenderFractalTool();

    private final RecordingContext context = RecordingContext.running();

    @Test
    void pictureIsAPngOfTheSizeAskedFor() throws IOException {
        BufferedImage image = image(render(64, 48, 50, 1, null, null, context));

        assertThat(image.getWidth()).isEqualTo(64);
        assertThat(image.getHeight()).isEqualTo(48);
    }

    @Test
    void defaultsShowTheWholeMandelbrotSet() throws IOException {
        CallToolResult result = tool.renderFractal(null, null, null, null, null, null, null, null, null, null, context);

        BufferedImage image = image(result);
        assertThat(image.getWidth()).isEqualTo(800);
        assertThat(image.getHeight()).isEqualTo(600);
        assertThat(image.getRGB(400, 300)).isEqualTo(BLACK);
        assertThat(image.getRGB(0, 0)).isNotEqualTo(BLACK);
        assertThat(((TextContent) result.content().get(0)).text()).startsWith("Mandelbrot set, 800 x 600 pixels");
    }

    @Test
    void juliaConstantMakesAJuliaSet() throws IOException {
        CallToolResult julia = render(32, 32, 100, 1, -0.8, 0.156, context);

        assertThat(((TextContent) julia.content().get(0)).text()).startsWith("Julia set of -0.8 + 0.156i");
        assertThat(png(julia)).isNotEqualTo(png(render(32, 32, 100, 1, null, null, context)));
    }

    @Test
    void supersamplingSmoothsThePicture() {
        assertThat(png(render(32, 32, 100, 3, null, null, context)))
                .isNotEqualTo(png(render(32, 32, 100, 1, null, null, context)));
    }

    @Test
    void everyRowIsReported() {
        render(10, 3, 10, 1, null, null, context);

        assertThat(context.reports())
                .containsExactly(
                        new Report(1, 3.0, "row 1 of 3"),
                        new Report(2, 3.0, "row 2 of 3"),
                        new Report(3, 3.0, "row 3 of 3"));
    }

    @Test
    void cancellationStopsTheWork() {
        RecordingContext cancelled = RecordingContext.cancelledAfter(2);

        assertThatThrownBy(() -> render(10, 100, 10, 1, null, null, cancelled))
                .isInstanceOf(CancellationException.class);
        assertThat(cancelled.reports()).hasSize(2);
    }

    @Test
    void hugePictureIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> render(100_000, 10, 10, 1, null, null, context))
                .withMessage("width must be from 1 to 4096, but was 100000; choose a size in between");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> render(4096, 4096, 10, 1, null, null, context))
                .withMessage("width x height must be at most 4000000 pixels, but was 4096 x 4096;"
                        + " ask for a smaller picture");
    }

    @Test
    void halfAJuliaConstantIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> render(10, 10, 10, 1, 0.5, null, context))
                .withMessage("juliaX and juliaY must be given together, but only juliaX was;"
                        + " give both for a Julia set or neither");
    }

    @Test
    void notANumberIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new View(new Point(Double.NaN, 0), 1))
                .withMessageStartingWith("centerX must be from -4.0 to 4.0, but was NaN");
    }

    private CallToolResult render(
            int width,
            int height,
            int maxIterations,
            int supersampling,
            @Nullable Double juliaX,
            @Nullable Double juliaY,
            RecordingContext context) {
        return tool.renderFractal(
                width, height, null, null, null, maxIterations, supersampling, null, juliaX, juliaY, context);
    }

    private static byte[] png(CallToolResult result) {
        ImageContent image = (ImageContent) result.content().get(1);
        assertThat(image.mimeType()).isEqualTo("image/png");
        return Base64.getDecoder().decode(image.data());
    }

    private static BufferedImage image(CallToolResult result) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png(result)));
    }
}
