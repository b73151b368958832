package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.server.McpAsyncServer;
import io.modelcontextprotocol.server.McpStatelessAsyncServer;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.server.McpSyncServer;
import java.lang.reflect.Method;
import java.util.List;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * Makes the MCP server and its tools at the start even if everything else is lazy: no bean asks for the server, so that it
 * would never be there, and what cannot work would not be found out.
 */
final class EagerServer implements LazyInitializationExcludeFilter {

    private static final List<Class<?>> SERVERS = List.of(
            McpSyncServer.class, McpAsyncServer.class, McpStatelessSyncServer.class, McpStatelessAsyncServer.class);

    @Override
    public boolean isExcluded(String beanName, BeanDefinition definition, Class<?> beanType) {
        return SERVERS.stream().anyMatch(server -> server.isAssignableFrom(beanType)) || hasTools(beanType);
    }

    /** Spring AI knows only of those whose beans have been made. */
    private static boolean hasTools(Class<?> beanType) {
        Class<?> type = ClassUtils.getUserClass(beanType);
        return AnnotationUtils.isCandidateClass(type, List.of(AsyncTool.class, McpTool.class))
                && !MethodIntrospector.selectMethods(type, EagerServer::isTool).isEmpty();
    }

    private static boolean isTool(Method method) {
        return AnnotatedElementUtils.hasAnnotation(method, AsyncTool.class)
                || AnnotatedElementUtils.hasAnnotation(method, McpTool.class);
    }
}
