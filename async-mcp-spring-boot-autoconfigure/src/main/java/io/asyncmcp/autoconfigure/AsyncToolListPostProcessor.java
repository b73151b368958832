package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.tool.AsyncTools;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Wraps the asynchronous tools in every list of tool specifications that is a bean: Spring AI's and the user's own. */
final class AsyncToolListPostProcessor implements BeanPostProcessor {

    /** Beans of Spring AI's, which come in the order of hashes and of reflection. The application's own lists keep theirs. */
    private static final Set<String> SPRING_AI = Set.of("syncTools", "asyncTools", "toolSpecs");

    /** Asked for late: whatever a post-processor needs early is not post-processed itself. */
    private final ObjectProvider<AsyncTools> tools;

    AsyncToolListPostProcessor(ObjectProvider<AsyncTools> tools) {
        this.tools = tools;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof List<?> list && !list.isEmpty() && toolName(list.get(0)) != null) {
            List<?> wrapped = tools.getObject().wrap(list);
            return SPRING_AI.contains(beanName) ? inOrder(wrapped) : wrapped;
        }
        return bean;
    }

    private static List<?> inOrder(List<?> specifications) {
        return specifications.stream()
                .sorted(Comparator.comparing(specification -> String.valueOf(toolName(specification))))
                .toList();
    }

    private static @Nullable String toolName(Object specification) {
        if (specification instanceof McpServerFeatures.SyncToolSpecification sync) {
            return sync.tool().name();
        }
        if (specification instanceof McpServerFeatures.AsyncToolSpecification async) {
            return async.tool().name();
        }
        if (specification instanceof McpStatelessServerFeatures.SyncToolSpecification sync) {
            return sync.tool().name();
        }
        if (specification instanceof McpStatelessServerFeatures.AsyncToolSpecification async) {
            return async.tool().name();
        }
        return null;
    }
}
