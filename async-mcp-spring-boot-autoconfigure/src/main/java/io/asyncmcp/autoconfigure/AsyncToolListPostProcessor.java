package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.tool.AsyncTools;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Wraps the asynchronous tools in every list of tool specifications that is a bean: Spring AI's and the user's own. */
final class AsyncToolListPostProcessor implements BeanPostProcessor {

    /** Asked for late: whatever a post-processor needs early is not post-processed itself. */
    private final ObjectProvider<AsyncTools> tools;

    AsyncToolListPostProcessor(ObjectProvider<AsyncTools> tools) {
        this.tools = tools;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof List<?> list && !list.isEmpty() && isToolSpecification(list.get(0))) {
            return tools.getObject().wrap(list);
        }
        return bean;
    }

    private static boolean isToolSpecification(Object first) {
        return first instanceof McpServerFeatures.SyncToolSpecification
                || first instanceof McpServerFeatures.AsyncToolSpecification
                || first instanceof McpStatelessServerFeatures.SyncToolSpecification
                || first instanceof McpStatelessServerFeatures.AsyncToolSpecification;
    }
}
