package io.asyncmcp.sample.fractal;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool.McpAnnotations;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.stereotype.Component;

/** Draws fractals: milliseconds of work or many minutes, as asked. */
@Component
public final class RenderFractalTool {

    @AsyncTool(
            name = "render_fractal",
            description = "Renders a picture of the Mandelbrot set, or of a Julia set if juliaX and juliaY are given."
                    + " Takes longer the larger the picture, its supersampling and its number of iterations are.",
            annotations =
                    @McpAnnotations(
                            readOnlyHint = true,
                            destructiveHint = false,
                            idempotentHint = true,
                            openWorldHint = false))
    public CallToolResult renderFractal(
            @McpToolParam(required = false, description = "Pixels from left to right, 1 to 4096; 800 by default")
                    @Nullable
                    Integer width,
            @McpToolParam(required = false, description = "Pixels from top to bottom, 1 to 4096; 600 by default")
                    @Nullable
                    Integer height,
            @McpToolParam(
                            required = false,
                            description = "Real part of the middle, -4 to 4; -0.5 by default, 0 for a Julia set")
                    @Nullable
                    Double centerX,
            @McpToolParam(required = false, description = "Imaginary part of the middle, -4 to 4; 0 by default")
                    @Nullable
                    Double centerY,
            @McpToolParam(required = false, description = "Magnification, 0.1 to 1e12; 1, the whole set, by default")
                    @Nullable
                    Double zoom,
            @McpToolParam(required = false, description = "Steps per point at most, 1 to 100000; 500 by default")
                    @Nullable
                    Integer maxIterations,
            @McpToolParam(
                            required = false,
                            description = "Points across and down per pixel, 1 to 8, for smooth edges; 1 by default")
                    @Nullable
                    Integer supersampling,
            @McpToolParam(required = false, description = "Colours outside the set; FIRE by default") @Nullable
                    Palette palette,
            @McpToolParam(required = false, description = "Real part of the Julia constant, -2 to 2, such as -0.8")
                    @Nullable
                    Double juliaX,
            @McpToolParam(
                            required = false,
                            description = "Imaginary part of the Julia constant, -2 to 2, such as 0.156")
                    @Nullable
                    Double juliaY,
            OperationContext context) {
        Point julia = juliaConstant(juliaX, juliaY);
        double middle = julia == null ? -0.5 : 0;
        FractalSettings settings = new FractalSettings(
                new PictureSize(orElse(width, 800), orElse(height, 600)),
                new View(new Point(orElse(centerX, middle), orElse(centerY, 0.0)), orElse(zoom, 1.0)),
                new Formula(orElse(maxIterations, 500), julia),
                orElse(supersampling, 1),
                orElse(palette, Palette.FIRE));
        byte[] png = Png.encode(new FractalRenderer(settings, context).render());
        return CallToolResult.builder()
                .addTextContent(describe(settings))
                .addContent(ImageContent.builder(Base64.getEncoder().encodeToString(png), Png.MIME_TYPE)
                        .build())
                .build();
    }

    private static @Nullable Point juliaConstant(@Nullable Double x, @Nullable Double y) {
        if (x == null && y == null) {
            return null;
        }
        if (x == null || y == null) {
            throw new IllegalArgumentException("juliaX and juliaY must be given together, but only "
                    + (x == null ? "juliaY" : "juliaX") + " was; give both for a Julia set or neither");
        }
        return new Point(x, y);
    }

    private static String describe(FractalSettings settings) {
        Formula formula = settings.formula();
        Point julia = formula.julia();
        String set = julia == null ? "Mandelbrot set" : "Julia set of " + julia.x() + " + " + julia.y() + "i";
        return set + ", " + settings.size().width() + " x " + settings.size().height() + " pixels, zoom "
                + settings.view().zoom() + ", at most " + formula.maxIterations() + " iterations.";
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
