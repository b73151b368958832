package io.asyncmcp.conformance;

import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.stereotype.Component;

/** The resources: text, bytes, a template, and one to subscribe to. */
@Component
final class FixtureResources {

    @McpResource(uri = "test://static-text", name = "static-text", description = "A text")
    public String text() {
        return "This is the content of the static text resource.";
    }

    @McpResource(
            uri = "test://static-binary",
            name = "static-binary",
            description = "A picture",
            mimeType = Samples.PNG_TYPE)
    public String bytes() {
        return Samples.PNG;
    }

    @McpResource(
            uri = "test://template/{id}/data",
            name = "template",
            description = "A template with one parameter",
            mimeType = "application/json")
    public String template(String id) {
        return "{\"id\":\"%s\",\"templateTest\":true,\"data\":\"Data for ID: %s\"}".formatted(id, id);
    }

    @McpResource(uri = "test://watched-resource", name = "watched-resource", description = "A text to subscribe to")
    public String watched() {
        return "Watched resource content";
    }
}
