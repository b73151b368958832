package io.asyncmcp.server.answer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.json.schema.JsonSchemaValidatorSupplier;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks JSON against a schema, and says of what does not conform no more than a reader needs.
 *
 * <p>The SDK's own validator reports every error with its whole path in one text, which is logged and sent: 15 kB of arguments
 * become 700 kB. It also keeps every schema it has ever seen, and tools make a new one for each question that names something.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class BoundedSchemaValidator implements JsonSchemaValidator {

    private static final BoundedSchemaValidator INSTANCE = new BoundedSchemaValidator();

    private static final int MAX_ERRORS = 5;

    private static final int MAX_ERROR_LENGTH = 300;

    private static final int MAX_SCHEMAS = 1_000;

    private static final String UNREADABLE = "the schema or the value cannot be read";

    private static final String DIALECT = McpSchema.JSON_SCHEMA_DIALECT_2020_12;

    private final JsonMapper mapper = JsonMapper.shared();

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(Dialect.builder(Dialects.getDraft202012())
            .keyword(new UniqueItems())
            .build());

    /** By identity: those of tools are always the same, and to compare others costs more than to read them again. */
    private final Cache<Map<String, Object>, Schema> schemas =
            Caffeine.newBuilder().weakKeys().maximumSize(MAX_SCHEMAS).build();

    private BoundedSchemaValidator() {}

    /**
     * Returns the validator.
     *
     * @return always the same one
     */
    public static BoundedSchemaValidator get() {
        return INSTANCE;
    }

    /**
     * Puts it in the place of the SDK's own for every server that is built afterwards. Where an application brings a validator
     * of its own, that stays.
     */
    public static void install() {
        Defaults.replaceSchemaValidator();
    }

    @Override
    public ValidationResponse validate(Map<String, Object> schema, Object content) {
        try {
            JsonNode json = content instanceof String text ? mapper.readTree(text) : mapper.valueToTree(content);
            Schema compiled = schemas.get(schema, given -> registry.getSchema(mapper.<JsonNode>valueToTree(given)));
            List<Error> errors = compiled.validate(new FewErrors(), json, OutputFormat.DEFAULT);
            return errors.isEmpty()
                    ? ValidationResponse.asValid(json.toString())
                    : ValidationResponse.asInvalid(told(errors));
        } catch (RuntimeException e) {
            // What the libraries say names Java types, and may quote the value.
            return ValidationResponse.asInvalid(UNREADABLE);
        }
    }

    private static String told(List<Error> errors) {
        return errors.stream()
                .limit(MAX_ERRORS)
                .map(error -> OneLine.of(error.toString(), MAX_ERROR_LENGTH))
                .collect(Collectors.joining("; ", "", errors.size() > MAX_ERRORS ? "; and more" : ""));
    }

    @Override
    public ValidationResponse validateSchema(Map<String, Object> schema) {
        Object dialect = schema.get("$schema");
        if (dialect != null && !DIALECT.equals(dialect.toString())) {
            return ValidationResponse.asValid(null);
        }
        try {
            List<Error> errors = MetaSchema.INSTANCE.validate(
                    new FewErrors(), mapper.<JsonNode>valueToTree(schema), OutputFormat.DEFAULT);
            return errors.isEmpty() ? ValidationResponse.asValid(null) : ValidationResponse.asInvalid(told(errors));
        } catch (RuntimeException e) {
            return ValidationResponse.asInvalid(UNREADABLE);
        }
    }

    /** What schemas have to conform to. Read when the first of them is checked. */
    private static final class MetaSchema {

        static final Schema INSTANCE = get().registry.getSchema(SchemaLocation.of(DIALECT));
    }

    /** Takes note of one error more than are told, wherever they are counted. */
    private static final class FewErrors extends ExecutionContext {

        @Override
        public void addError(Error error) {
            if (getErrors().size() <= MAX_ERRORS) {
                super.addError(error);
            }
        }
    }

    /** The SDK's defaults can be changed by those who extend them. */
    private static final class Defaults extends McpJsonDefaults {

        static void replaceSchemaValidator() {
            synchronized (McpJsonDefaults.class) {
                boolean untouched = mcpValidatorServiceLoader == null;
                // The SDK's own takes a while to make, for nothing.
                Object present = untouched
                        ? ServiceLoader.load(JsonSchemaValidatorSupplier.class)
                                .findFirst()
                                .orElse(null)
                        : getSchemaValidator();
                if (present == null || !present.getClass().getName().startsWith("io.modelcontextprotocol.")) {
                    return;
                }
                if (untouched) {
                    new McpJsonDefaults();
                }
                mcpValidatorServiceLoader.setSupplier(BoundedSchemaValidator::get);
            }
        }
    }
}
