package io.asyncmcp.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.modern.ProtocolProperties;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an IDE shows while somebody types {@code async.mcp.}. */
class ConfigurationMetadataTests {

    private static final String FILE = "META-INF/spring-configuration-metadata.json";

    private static JsonNode metadata() throws IOException {
        for (URL url : Collections.list(
                ConfigurationMetadataTests.class.getClassLoader().getResources(FILE))) {
            try (InputStream input = url.openStream()) {
                JsonNode metadata = JsonMapper.shared().readTree(input);
                if (properties(metadata).containsKey("async.mcp.enabled")) {
                    return metadata;
                }
            }
        }
        throw new AssertionError("no metadata of ours");
    }

    private static Map<String, JsonNode> properties(JsonNode metadata) {
        return byName(metadata, "properties");
    }

    private static Map<String, JsonNode> byName(JsonNode metadata, String kind) {
        Map<String, JsonNode> nodes = new LinkedHashMap<>();
        metadata.path(kind).forEach(node -> nodes.put(node.path("name").asString(), node));
        return nodes;
    }

    private static String dashed(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private record Leaf(String name, RecordComponent component) {}

    /** Their defaults follow from the heap or from other settings; the description says how. */
    private static final Set<String> COMPUTED = Set.of(
            "async.mcp.limits.max-retained-size",
            "async.mcp.limits.max-active-size",
            "async.mcp.limits.max-request-size",
            "async.mcp.limits.max-request-memory");

    private static List<Leaf> leaves(String prefix, Class<?> type) {
        List<Leaf> leaves = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + "." + dashed(component.getName());
            if (component.getType().isRecord()) {
                leaves.addAll(leaves(name, component.getType()));
            } else {
                leaves.add(new Leaf(name, component));
            }
        }
        return leaves;
    }

    private static List<Leaf> leaves() {
        List<Leaf> leaves = leaves("async.mcp", AsyncMcpProperties.class);
        leaves.addAll(leaves("async.mcp.limits", RequestProperties.class));
        leaves.addAll(leaves("async.mcp.protocol", ProtocolProperties.class));
        return leaves;
    }

    @Test
    void everyPropertyIsDescribed() throws IOException {
        Map<String, JsonNode> described = properties(metadata());
        List<Leaf> leaves = leaves();
        assertThat(leaves)
                .extracting(Leaf::name)
                .contains("async.mcp.limits.max-running", "async.mcp.tools", "async.mcp.protocol.cache-scope");
        for (Leaf leaf : leaves) {
            assertThat(described).containsKey(leaf.name());
            JsonNode property = described.get(leaf.name());
            assertThat(property.path("description").asString(""))
                    .as(leaf.name())
                    .endsWith(".");
            assertThat(property.path("type").asString("")).as(leaf.name()).isNotBlank();
            if (COMPUTED.contains(leaf.name())) {
                assertThat(property.path("description").asString("")).containsIgnoringCase("by default");
            }
            if (isScalar(leaf.component().getType())) {
                assertThat(property.path("defaultValue").asString(""))
                        .as(leaf.name())
                        .isEqualTo(defaultOf(leaf));
            }
        }
    }

    private static boolean isScalar(Class<?> type) {
        return !Map.class.isAssignableFrom(type) && !Collection.class.isAssignableFrom(type);
    }

    /** Constructor parameters carry the annotation, not the record's components. */
    private static String defaultOf(Leaf leaf) {
        RecordComponent component = leaf.component();
        Class<?> record = component.getDeclaringRecord();
        RecordComponent[] components = record.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            if (components[i].getName().equals(component.getName())) {
                DefaultValue value =
                        record.getDeclaredConstructors()[0].getParameters()[i].getAnnotation(DefaultValue.class);
                if (COMPUTED.contains(leaf.name())) {
                    assertThat(value).as(leaf.name()).isNull();
                    return "";
                }
                assertThat(value).as(leaf.name()).isNotNull();
                return String.join(",", value.value());
            }
        }
        throw new AssertionError(leaf.name());
    }

    @Test
    void durationsAndSizesAreTyped() throws IOException {
        Map<String, JsonNode> described = properties(metadata());
        for (Leaf leaf : leaves()) {
            Class<?> type = leaf.component().getType();
            if (type == Duration.class || type == DataSize.class) {
                assertThat(described.get(leaf.name()).path("type").asString()).isEqualTo(type.getName());
            }
        }
    }

    @Test
    void valuesAndKeysAreHinted() throws IOException {
        Map<String, JsonNode> hints = byName(metadata(), "hints");
        assertThat(hints).containsKeys("async.mcp.wait-budgets.client", "async.mcp.security.allowed-hosts");
        assertThat(hints.get("async.mcp.wait-budgets.client").path("values")).isNotEmpty();
    }
}
