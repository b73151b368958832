package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.server.modern.PlainWork;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.PriorityOrdered;

/**
 * Wraps what is not asynchronous in every list of specifications that is a bean: Spring AI's and the user's own. Asynchronous
 * tools are wrapped over it.
 */
final class PlainWorkPostProcessor implements BeanPostProcessor, PriorityOrdered {

    /** Asked for late: whatever a post-processor needs early is not post-processed itself. */
    private final ObjectProvider<PlainWork> work;

    PlainWorkPostProcessor(ObjectProvider<PlainWork> work) {
        this.work = work;
    }

    @Override
    public int getOrder() {
        return 0;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof List<?> list
                && !list.isEmpty()
                && list.get(0) != null
                && list.get(0).getClass().getName().startsWith("io.modelcontextprotocol.server.")) {
            return work.getObject().wrap(list);
        }
        return bean;
    }
}
