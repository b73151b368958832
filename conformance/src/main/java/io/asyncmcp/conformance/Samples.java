package io.asyncmcp.conformance;

/** The smallest picture and the smallest sound, in base 64. */
final class Samples {

    /** One red pixel. */
    static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

    static final String PNG_TYPE = "image/png";

    /** One sample at 8 kHz. */
    static final String WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

    static final String WAV_TYPE = "audio/wav";

    private Samples() {}
}
