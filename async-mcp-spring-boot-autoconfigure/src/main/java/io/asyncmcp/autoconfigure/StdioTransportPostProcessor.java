package io.asyncmcp.autoconfigure;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.engine.OperationThreads;
import io.asyncmcp.server.question.InputAnswers;
import io.asyncmcp.server.transport.AsyncServerTransportProvider;
import io.asyncmcp.server.transport.DeliveryThreads;
import io.asyncmcp.server.transport.Dialects;
import io.asyncmcp.server.transport.RequestMemory;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Wraps the stdio transport, so that no thread waits for an operation. */
final class StdioTransportPostProcessor implements BeanPostProcessor {

    private final ObjectProvider<InputAnswers> answers;

    private final ObjectProvider<RequestMemory> memory;

    private final ObjectProvider<DeliveryThreads> delivery;

    private final ObjectProvider<Dialects> dialects;

    private final ObjectProvider<AsyncMcpProperties> properties;

    StdioTransportPostProcessor(
            ObjectProvider<InputAnswers> answers,
            ObjectProvider<RequestMemory> memory,
            ObjectProvider<DeliveryThreads> delivery,
            ObjectProvider<Dialects> dialects,
            ObjectProvider<AsyncMcpProperties> properties) {
        this.answers = answers;
        this.memory = memory;
        this.delivery = delivery;
        this.dialects = dialects;
        this.properties = properties;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof StdioServerTransportProvider stdio) {
            return AsyncServerTransportProvider.stdio(
                    stdio,
                    answers.getObject(),
                    memory.getObject(),
                    delivery.getObject().executor(),
                    dialects.getObject(),
                    properties.getObject().heartbeatInterval(),
                    OperationThreads.newTimer("async-mcp-stdio-"),
                    Ticker.systemTicker());
        }
        return bean;
    }
}
