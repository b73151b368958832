package io.asyncmcp.server.tool;

import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jackson.JacksonSchemaModule;
import com.github.victools.jsonschema.module.swagger2.Swagger2Module;
import java.lang.reflect.Type;
import org.springframework.ai.model.KotlinModule;
import org.springframework.ai.util.json.schema.SpringAiSchemaModule;
import org.springframework.core.KotlinDetector;
import org.springframework.core.Nullness;

/** Makes output schemas as Spring AI does, but nullable where Java is: Spring AI's refuse a result with an unset field. */
final class OutputTypes {

    private static final SchemaGenerator GENERATOR = generator();

    private OutputTypes() {}

    static String schema(Type type) {
        // The generator is not made for several threads.
        synchronized (GENERATOR) {
            return GENERATOR.generateSchema(type).toString();
        }
    }

    private static SchemaGenerator generator() {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(new JacksonSchemaModule(
                        JacksonOption.RESPECT_JSONPROPERTY_REQUIRED, JacksonOption.RESPECT_JSONPROPERTY_ORDER))
                .with(new Swagger2Module())
                .with(new SpringAiSchemaModule())
                .with(Option.EXTRA_OPEN_API_FORMAT_VALUES, Option.PLAIN_DEFINITION_KEYS);
        if (KotlinDetector.isKotlinReflectPresent()) {
            config.with(new KotlinModule());
        }
        config.forFields().withNullableCheck(OutputTypes::isNullable);
        return new SchemaGenerator(config.build());
    }

    private static boolean isNullable(FieldScope field) {
        return !field.isFakeContainerItemScope()
                && !field.getRawMember().getType().isPrimitive()
                && Nullness.forField(field.getRawMember()) != Nullness.NON_NULL;
    }
}
