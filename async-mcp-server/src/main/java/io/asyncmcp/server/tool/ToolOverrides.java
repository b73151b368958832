package io.asyncmcp.server.tool;

import io.asyncmcp.server.AsyncToolSettings.Override;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is said about tools outside their code: by name, and by environment variables, which cannot spell every name.
 *
 * @since 0.1.0
 */
public final class ToolOverrides {

    private final Map<String, Override> byName;

    private final Map<String, Override> byVariable = new LinkedHashMap<>();

    /** How the variables spell a name, by its letters and digits. */
    private final Map<String, String> spelling = new LinkedHashMap<>();

    /**
     * Creates them. {@code byVariable} has names as in environment variables, such as {@code YEARLY_REPORT}: only letters and
     * digits count, in any case. It takes precedence over {@code byName}.
     */
    public ToolOverrides(Map<String, Override> byName, Map<String, Override> byVariable) {
        this.byName = Map.copyOf(byName);
        byVariable.forEach((name, override) -> {
            this.byVariable.put(lettersAndDigits(name), override);
            this.spelling.put(lettersAndDigits(name), name);
        });
    }

    /** Reduces a name to what an environment variable keeps of it: its letters and digits, in lower case. */
    public static String lettersAndDigits(String name) {
        return name.replaceAll("[^\\p{L}\\p{N}]", "").toLowerCase(Locale.ROOT);
    }

    @Nullable
    Override get(String toolName) {
        Override exact = byName.get(toolName);
        Override relaxed = byVariable.get(lettersAndDigits(toolName));
        if (relaxed == null) {
            return exact;
        }
        return exact == null ? relaxed : exact.with(relaxed);
    }

    /** Refuses overrides of no tool, and variables that could mean several. */
    void requireTools(Set<String> toolNames) {
        for (String name : new TreeMap<>(byName).keySet()) {
            if (!toolNames.contains(name)) {
                throw unknown("async.mcp.tools." + name, toolNames);
            }
        }
        spelling.forEach((name, variable) -> {
            List<String> meant = toolNames.stream()
                    .filter(tool -> lettersAndDigits(tool).equals(name))
                    .toList();
            if (meant.isEmpty()) {
                throw unknown("Environment variable ASYNC_MCP_TOOLS_" + variable + "_...", toolNames);
            }
            if (meant.size() > 1) {
                throw new InvalidToolException(
                        "Environment variable ASYNC_MCP_TOOLS_" + variable + "_... could mean each of the tools "
                                + meant + ".",
                        "Set async.mcp.tools.<name> in another way, such as in SPRING_APPLICATION_JSON.");
            }
        });
    }

    private static InvalidToolException unknown(String setting, Set<String> toolNames) {
        return new InvalidToolException(
                setting + " names a tool that does not exist. The tools are " + toolNames + ".",
                "Correct the name, or remove the setting.");
    }
}
