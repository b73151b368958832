package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.tool.AsyncTools;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Fails at start-up about what cannot work, when every tool is known. */
final class AsyncMcpStartupCheck implements SmartInitializingSingleton {

    private final AsyncTools tools;

    AsyncMcpStartupCheck(AsyncTools tools) {
        this.tools = tools;
    }

    @Override
    public void afterSingletonsInstantiated() {
        tools.validate();
    }
}
