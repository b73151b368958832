package io.asyncmcp.autoconfigure.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.ContextRunners;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.tool.AsyncToolCatalog;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.tool.ToolCallbackProvider;
import org.springframework.ai.tool.method.MethodToolCallbackProvider;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.Ordered;

/** A method with {@code @AsyncTool} is a tool whatever its bean is declared as, and whenever it is made. */
class HiddenToolTests {

    private final WebApplicationContextRunner server =
            ContextRunners.webMvc().withPropertyValues(ContextRunners.STREAMABLE);

    interface Api {}

    static class Alone implements Api {

        @AsyncTool
        public String alone() {
            return "";
        }
    }

    static class Beside implements Api {

        @McpTool
        @AsyncTool(timeout = "7s")
        public String beside() {
            return "";
        }
    }

    interface Renders {

        String render();
    }

    static class Rendering implements Renders {

        @Override
        @AsyncTool
        public String render() {
            return "";
        }
    }

    interface Annotated {

        @McpTool(name = "promised", description = "In the interface")
        @AsyncTool
        String promise();
    }

    static class Promise implements Annotated {

        @Override
        public String promise() {
            return "";
        }
    }

    static class ApiFactory implements FactoryBean<Api> {

        @Override
        public Api getObject() {
            return new Alone();
        }

        @Override
        public Class<?> getObjectType() {
            return Api.class;
        }

        @AsyncTool
        public String ofTheFactory() {
            return "";
        }
    }

    @AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
    @Configuration(proxyBeanMethods = false)
    static class BehindAnInterface {

        @Bean
        Api hiddenAlone() {
            return new Alone();
        }

        @Bean
        Api hiddenBeside() {
            return new Beside();
        }

        @Bean
        Renders behindAProxyMadeByHand() {
            return (Renders) new ProxyFactory(new Rendering()).getProxy();
        }

        @Bean
        Annotated annotatedInItsInterface() {
            return new Promise();
        }
    }

    private static List<String> tools(ApplicationContext context) {
        return context.getBean(McpSyncServer.class).listTools().stream()
                .map(McpSchema.Tool::name)
                .filter(name -> !name.equals("continue_operation"))
                .toList();
    }

    private static void areAsynchronous(ApplicationContext context, String... tools) {
        assertThat(tools(context))
                .containsExactlyInAnyOrder(tools)
                .allSatisfy(tool -> assertThat(
                                context.getBean(AsyncToolCatalog.class).settingsOf(tool))
                        .as(tool)
                        .isPresent());
    }

    @Test
    void declaredTypeHidesNothing() {
        server.withConfiguration(AutoConfigurations.of(BehindAnInterface.class)).run(context -> {
            areAsynchronous(context, "alone", "beside", "render", "promised");
            assertThat(context.getBean(McpSyncServer.class).listTools())
                    .filteredOn(tool -> tool.name().equals("promised"))
                    .singleElement()
                    .returns("In the interface", McpSchema.Tool::description);
        });
    }

    /** Else hosts that cache prompts by the list would not recognize it after a start, or on another replica. */
    @Test
    void listIsTheSameAtEveryStart() {
        WebApplicationContextRunner all = server.withUserConfiguration(AllKinds.class)
                .withPropertyValues("async.mcp.cancel-tool.enabled=true", "async.mcp.list-tool.enabled=true");
        AtomicReference<String> bytes = new AtomicReference<>();
        all.run(context -> {
            List<Tool> listed = context.getBean(McpSyncServer.class).listTools();
            assertThat(listed)
                    .extracting(Tool::name)
                    .containsExactly(
                            // Made by the application,
                            "q",
                            "p",
                            // by us, bean after bean, each by the names of its methods,
                            "d",
                            "beside_1",
                            "beside_2",
                            "e",
                            "b",
                            "c",
                            "continue_operation",
                            "cancel_operation",
                            "list_operations",
                            // and by Spring AI of methods with @Tool and with @McpTool.
                            "draw",
                            "erase",
                            "plain_1",
                            "plain_2",
                            "plain_3",
                            "plain_4");
            listed.forEach(tool -> hasOrder(
                    tool.name(),
                    List.of(tool.inputSchema(), tool.outputSchema() == null ? Map.of() : tool.outputSchema())));
            bytes.set(McpJsonDefaults.getMapper().writeValueAsString(listed));
        });
        all.run(context -> assertThat(McpJsonDefaults.getMapper()
                        .writeValueAsString(context.getBean(McpSyncServer.class).listTools()))
                .isEqualTo(bytes.get()));
    }

    private static void hasOrder(String tool, Object json) {
        if (json instanceof Map<?, ?> object) {
            if (object.size() > 1) {
                assertThat(object).as(tool).isInstanceOfAny(LinkedHashMap.class, SortedMap.class);
            }
            object.values().forEach(value -> hasOrder(tool, value));
        } else if (json instanceof List<?> array) {
            array.forEach(value -> hasOrder(tool, value));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AllKinds {

        @Bean
        List<SyncToolSpecification> handmadeTools() {
            return List.of(handmade("q"), handmade("p"));
        }

        private static SyncToolSpecification handmade(String name) {
            Map<String, Object> schema = Map.of("type", "object", "properties", Map.of("b", Map.of(), "a", Map.of()));
            return new SyncToolSpecification(
                    Tool.builder(name, schema).build(),
                    (exchange, request) ->
                            CallToolResult.builder().addTextContent("").build());
        }

        @Bean
        ToolCallbackProvider toolsOfSpringAi() {
            return MethodToolCallbackProvider.builder()
                    .toolObjects(new Erases(), new Draws())
                    .build();
        }

        @Bean
        Later first() {
            return new Later();
        }

        @Bean
        Unordered second() {
            return new Unordered();
        }
    }

    static class Erases {

        @org.springframework.ai.tool.annotation.Tool(name = "erase")
        String second() {
            return "";
        }
    }

    static class Draws {

        @org.springframework.ai.tool.annotation.Tool(name = "draw")
        @AsyncTool
        String first() {
            return "";
        }
    }

    record Answer(String text, List<String> details) {}

    /** Reflection may tell methods in the order that they have here, in the reverse one or in any other. */
    static class Later {

        @McpTool(name = "plain_2")
        public String plain(String text) {
            return text;
        }

        @McpTool(name = "plain_1")
        public String plain(int number) {
            return "";
        }

        @McpTool(name = "plain_3")
        public String plain(long number) {
            return "";
        }

        @McpTool(name = "plain_4")
        public String plain(double number) {
            return "";
        }

        @AsyncTool
        public String e() {
            return "";
        }

        @McpTool(name = "beside_1")
        @AsyncTool
        public String dBeside(String text) {
            return text;
        }

        @McpTool(name = "beside_2")
        @AsyncTool
        public String dBeside(int number) {
            return "";
        }

        @AsyncTool
        public String d() {
            return "";
        }
    }

    static class Unordered {

        @AsyncTool
        public String c() {
            return "";
        }

        @AsyncTool(generateOutputSchema = true)
        public Answer b(Answer second, String first) {
            return second;
        }
    }

    @Test
    void serverThatIsInjectedEarlyHasThemToo() {
        server.withUserConfiguration(AsksForTheServer.class, BehindAnInterface.class)
                .run(context -> areAsynchronous(context, "alone", "beside", "render", "promised"));
    }

    @Configuration(proxyBeanMethods = false)
    static class AsksForTheServer {

        @Bean
        Object early(McpSyncServer server) {
            return server.getServerInfo();
        }
    }

    @Test
    void lazyBeanBecomesAToolWhenItIsMade() {
        server.withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withConfiguration(AutoConfigurations.of(BehindAnInterface.class))
                .run(context -> {
                    // Its type shows the annotation.
                    areAsynchronous(context, "promised");
                    context.getBean("hiddenAlone");
                    context.getBean("hiddenBeside");
                    areAsynchronous(context, "promised", "alone", "beside");
                });
    }

    @Test
    void factoriesAndWhatTheyMake() {
        server.withBean("factory", ApiFactory.class)
                .withUserConfiguration(AsksForTheProduct.class)
                .run(context -> areAsynchronous(context, "ofTheFactory", "alone"));
    }

    @Configuration(proxyBeanMethods = false)
    static class AsksForTheProduct {

        @Bean
        Object user(Api api) {
            return api.toString();
        }
    }

    @Test
    void prototypesAndProxiesOfScopes() {
        server.withUserConfiguration(Scopes.class)
                .run(context -> areAsynchronous(context, "alone", "beside", "lazily"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Scopes {

        @Bean
        @Scope("prototype")
        Alone onePerCall() {
            return new Alone();
        }

        @Bean
        @Scope(value = "application", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Beside proxied() {
            return new Beside();
        }

        @Bean
        @Lazy
        LazyTools lazyTools() {
            return new LazyTools();
        }
    }

    static class LazyTools {

        @AsyncTool
        public String lazily() {
            return "";
        }
    }

    @Test
    void beansOfTheParentAndSingletonsOfNobody() {
        try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext()) {
            parent.registerBean("ofTheParent", Alone.class);
            parent.refresh();
            server.withParent(parent)
                    .withInitializer(context -> context.getBeanFactory().registerSingleton("byHand", new LazyTools()))
                    .run(context -> areAsynchronous(context, "alone", "lazily"));
        }
    }
}
