package io.asyncmcp.conformance;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;

/** The JSON schemas that the suite wants to see; those it spells out as they stand in its own fixture. */
final class Schemas {

    static final Map<String, Object> USER = read("user");

    static final Map<String, Object> DEFAULT_VALUES = read("default-values");

    static final Map<String, Object> ENUMERATIONS = read("enumerations");

    static final Map<String, Object> JSON_SCHEMA_2020_12 = read("json-schema-2020-12");

    static final Map<String, Object> CUSTOM_HEADER = read("custom-header");

    private Schemas() {}

    private static Map<String, Object> read(String name) {
        try {
            byte[] json = new ClassPathResource("schemas/" + name + ".json").getContentAsByteArray();
            return McpJsonDefaults.getMapper().readValue(json, new TypeRef<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
