package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.tool.InvalidToolException;
import io.asyncmcp.server.tool.ToolOverrides;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Reads {@code async.mcp.tools.*}, of which Spring Boot drops without a word what it cannot bind: unknown settings, names with
 * dots, and environment variables for names of several words.
 */
final class ToolSettingsReader {

    private static final String PREFIX = "async.mcp.tools";

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(PREFIX);

    private static final String VARIABLE_PREFIX = "asyncmcptools";

    private static final List<String> SETTINGS = Stream.of(AsyncMcpProperties.Tool.class.getRecordComponents())
            .map(RecordComponent::getName)
            .map(ToolSettingsReader::dashed)
            .toList();

    private final Environment environment;

    /** What a source that comes first has set already, as tool and setting. */
    private final Set<List<String>> set = new HashSet<>();

    private final Set<String> names = new HashSet<>();

    /** By the names as the variables have them. */
    private final Map<String, Map<String, Object>> variables = new LinkedHashMap<>();

    private ToolSettingsReader(Environment environment) {
        this.environment = environment;
    }

    static ToolOverrides read(AsyncMcpProperties properties, Environment environment) {
        ToolSettingsReader reader = new ToolSettingsReader(environment);
        ConfigurationPropertySources.get(environment).forEach(reader::look);
        return reader.overrides(properties);
    }

    private static String dashed(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private void look(ConfigurationPropertySource source) {
        if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource variableSource) {
            for (String name : variableSource.getPropertyNames()) {
                if (ToolOverrides.lettersAndDigits(name).startsWith(VARIABLE_PREFIX)) {
                    readVariable(name, variableSource.getProperty(name));
                }
            }
        } else if (source instanceof IterableConfigurationPropertySource iterable) {
            iterable.stream().filter(ROOT::isAncestorOf).forEach(this::check);
        }
    }

    private void check(ConfigurationPropertyName name) {
        int elements = name.getNumberOfElements() - ROOT.getNumberOfElements();
        String last = name.getLastElement(Form.UNIFORM);
        boolean known = SETTINGS.stream()
                .anyMatch(setting ->
                        ToolOverrides.lettersAndDigits(setting).equals(ToolOverrides.lettersAndDigits(last)));
        if (elements > 2 && known) {
            List<String> parts = new ArrayList<>();
            for (int i = ROOT.getNumberOfElements(); i < name.getNumberOfElements() - 1; i++) {
                parts.add(name.getElement(i, Form.ORIGINAL));
            }
            throw new InvalidToolException(
                    name + " sets nothing: a tool's name that has dots must be in brackets.",
                    "Write " + PREFIX + "[" + String.join(".", parts) + "]." + name.getLastElement(Form.ORIGINAL)
                            + ", and in YAML quote the name with its brackets.");
        }
        if (elements != 2 || !known) {
            throw notASetting(name.toString());
        }
        String tool = name.getElement(ROOT.getNumberOfElements(), Form.ORIGINAL);
        names.add(tool);
        set.add(List.of(ToolOverrides.lettersAndDigits(tool), ToolOverrides.lettersAndDigits(last)));
    }

    private static InvalidToolException notASetting(String name) {
        return new InvalidToolException(
                name + " is no setting of a tool.",
                "Tools have " + SETTINGS + ", as in " + PREFIX + ".<name>." + SETTINGS.get(1) + ".");
    }

    /** The name ends with a setting's, and what is between is the tool's. */
    private void readVariable(String name, @Nullable Object value) {
        List<String> words = List.of(name.split("[._-]"));
        for (int taken = 1; taken <= 3; taken++) {
            int end = words.size() - taken;
            if (end <= 3) {
                break;
            }
            String last = ToolOverrides.lettersAndDigits(String.join("", words.subList(end, words.size())));
            for (String setting : SETTINGS) {
                if (ToolOverrides.lettersAndDigits(setting).equals(last)) {
                    String tool = String.join("_", words.subList(3, end));
                    if (value != null && !set.contains(List.of(ToolOverrides.lettersAndDigits(tool), last))) {
                        variables
                                .computeIfAbsent(tool, key -> new LinkedHashMap<>())
                                .put(setting, value);
                    }
                    return;
                }
            }
        }
        throw notASetting("Environment variable " + name);
    }

    private ToolOverrides overrides(AsyncMcpProperties properties) {
        Map<String, AsyncToolSettings.Override> byName = new LinkedHashMap<>(properties.toOverrides());
        // Spring Boot makes names of some variables, which need not be those of the tools.
        byName.keySet().removeIf(name -> !names.contains(name) && isOfVariable(name));
        Map<String, AsyncToolSettings.Override> byVariable = new LinkedHashMap<>();
        variables.forEach((tool, settings) -> byVariable.put(tool, bind(tool, settings)));
        return new ToolOverrides(byName, byVariable);
    }

    private boolean isOfVariable(String name) {
        return variables.keySet().stream()
                .map(ToolOverrides::lettersAndDigits)
                .anyMatch(variable -> variable.startsWith(ToolOverrides.lettersAndDigits(name)));
    }

    private AsyncToolSettings.Override bind(String tool, Map<String, Object> settings) {
        Map<String, Object> source = new LinkedHashMap<>();
        String name = PREFIX + "[" + tool + "]";
        settings.forEach((setting, value) -> source.put(name + "." + setting, value));
        Binder binder = new Binder(
                List.of(new MapConfigurationPropertySource(source)),
                new PropertySourcesPlaceholdersResolver(environment));
        AsyncMcpProperties.Tool bound =
                binder.bind(name, AsyncMcpProperties.Tool.class).get();
        bound.validate("tools." + tool);
        return bound.toOverride();
    }
}
