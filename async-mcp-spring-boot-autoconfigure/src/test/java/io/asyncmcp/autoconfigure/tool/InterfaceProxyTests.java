package io.asyncmcp.autoconfigure.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.asyncmcp.autoconfigure.AsyncMcpAutoConfiguration;
import io.asyncmcp.autoconfigure.AsyncMcpServerAutoConfiguration;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.tool.AsyncTools;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A proxy made of interfaces hides the annotations of the class behind it, but only from who looks at the proxy. */
class InterfaceProxyTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(AsyncMcpAutoConfiguration.class, AsyncMcpServerAutoConfiguration.class))
            .withUserConfiguration(Proxies.class);

    interface Renders {
        String render();
    }

    static class Renderer implements Renders {

        @Override
        @AsyncTool
        public String render() {
            return "";
        }
    }

    static class Hidden implements Renders {

        @Override
        public String render() {
            return "";
        }

        @AsyncTool
        public String unreachable() {
            return "";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Proxies {

        @Bean
        static MethodInterceptor nothing() {
            return invocation -> invocation.proceed();
        }

        @Bean
        static BeanNameAutoProxyCreator proxies() {
            BeanNameAutoProxyCreator proxies = new BeanNameAutoProxyCreator();
            proxies.setBeanNames("proxied");
            proxies.setInterceptorNames("nothing");
            return proxies;
        }
    }

    @Test
    void annotatedMethodOfAnInterfaceIsATool() {
        runner.withBean("proxied", Renderer.class).run(context -> {
            assertThat(AopUtils.isJdkDynamicProxy(context.getBean("proxied"))).isTrue();
            assertThat(context.getBean(AsyncTools.class).syncTools())
                    .extracting(tool -> tool.tool().name())
                    .contains("render");
        });
    }

    @Test
    void methodThatTheProxyDoesNotHaveIsRefused() {
        runner.withBean("proxied", Hidden.class).run(context -> {
            AsyncTools tools = context.getBean(AsyncTools.class);
            assertThatIllegalStateException()
                    .isThrownBy(tools::syncTools)
                    .withMessageContaining("unreachable")
                    .withMessageContaining("CGLIB");
        });
    }
}
