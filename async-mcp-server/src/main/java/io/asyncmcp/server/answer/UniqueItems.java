package io.asyncmcp.server.answer;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordType;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.keyword.UniqueItemsValidator;
import com.networknt.schema.path.NodePath;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The keyword {@code uniqueItems}, which compares items by their texts. Sets of nodes take the square of their number if their
 * hashes are equal, which the client that sends them can bring about; texts can be put in an order.
 */
final class UniqueItems implements Keyword {

    private static final ObjectWriter SORTED =
            JsonMapper.shared().writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

    @Override
    public String getValue() {
        return KeywordType.UNIQUE_ITEMS.getValue();
    }

    @Override
    public KeywordValidator newValidator(
            SchemaLocation location, JsonNode value, Schema parent, SchemaContext context) {
        return new Validator(location, value, parent, context);
    }

    private static final class Validator extends UniqueItemsValidator {

        private final boolean unique;

        Validator(SchemaLocation location, JsonNode value, Schema parent, SchemaContext context) {
            super(location, value, parent, context);
            this.unique = value.isBoolean() && value.booleanValue();
        }

        @Override
        public void validate(ExecutionContext context, JsonNode list, JsonNode root, NodePath path) {
            if (!unique || !list.isArray()) {
                return;
            }
            Set<String> seen = new HashSet<>();
            for (JsonNode item : list) {
                if (!seen.add(SORTED.writeValueAsString(item))) {
                    context.addError(error().instanceNode(list)
                            .instanceLocation(path)
                            .evaluationPath(context.getEvaluationPath())
                            .locale(context.getExecutionConfig().getLocale())
                            .build());
                    return;
                }
            }
        }
    }
}
