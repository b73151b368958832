package io.asyncmcp.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.autoconfigure.AsyncMcpAutoConfiguration;
import io.asyncmcp.autoconfigure.operations.HeldBody;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

class AsyncOperationsEndpointAutoConfigurationTests {

    private static final String PATH = "/actuator/asyncoperations";

    private static final OperationOwner OWNER = OperationOwner.principal("somebody.in.particular");

    private static final ExecuteOptions REPORT = ExecuteOptions.ofType("report").withOwner(OWNER);

    private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    JacksonAutoConfiguration.class,
                    HttpMessageConvertersAutoConfiguration.class,
                    DispatcherServletAutoConfiguration.class,
                    WebMvcAutoConfiguration.class,
                    EndpointAutoConfiguration.class,
                    JacksonEndpointAutoConfiguration.class,
                    WebEndpointAutoConfiguration.class,
                    ManagementContextAutoConfiguration.class,
                    ServletManagementContextAutoConfiguration.class,
                    AsyncMcpAutoConfiguration.class,
                    AsyncOperationsEndpointAutoConfiguration.class))
            .withPropertyValues("async.mcp.shutdown-timeout=0s");

    private final WebApplicationContextRunner exposed =
            contextRunner.withPropertyValues("management.endpoints.web.exposure.include=asyncoperations");

    private final WebApplicationContextRunner unrestricted =
            exposed.withPropertyValues("management.endpoint.asyncoperations.access=UNRESTRICTED");

    @Test
    void isNotThereUnlessExposed() {
        contextRunner.run(context -> assertThat(context).doesNotHaveBean(AsyncOperationsEndpoint.class));
    }

    @Test
    void isThereWhenExposed() {
        exposed.run(context -> {
            assertThat(context)
                    .hasSingleBean(AsyncOperationsEndpoint.class)
                    .hasSingleBean(AsyncOperationsEndpointWebExtension.class);
            assertThat(mvc(context).get().uri(PATH)).hasStatusOk().bodyJson().isStrictlyEqualTo("{\"operations\": []}");
        });
    }

    @Test
    void hasNoWebExtensionWithoutTheWeb() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AsyncMcpAutoConfiguration.class, AsyncOperationsEndpointAutoConfiguration.class))
                .withPropertyValues(
                        "spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=asyncoperations")
                .run(context -> assertThat(context)
                        .hasSingleBean(AsyncOperationsEndpoint.class)
                        .doesNotHaveBean(AsyncOperationsEndpointWebExtension.class));
    }

    @Test
    void backsOffWithoutAccess() {
        exposed.withPropertyValues("management.endpoint.asyncoperations.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(AsyncOperationsEndpoint.class));
    }

    @Test
    void backsOffWithoutAnExecutor() {
        exposed.withPropertyValues("async.mcp.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(AsyncOperationsEndpoint.class));
    }

    @Test
    void backsOffWithoutActuator() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AsyncMcpAutoConfiguration.class, AsyncOperationsEndpointAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(Endpoint.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("asyncOperationsEndpoint"));
    }

    @Test
    void backsOffForTheUsersEndpoint() {
        exposed.withBean(
                        "own",
                        AsyncOperationsEndpoint.class,
                        () -> new AsyncOperationsEndpoint(
                                AsyncExecutor.builder().build(), Clock.systemUTC()))
                .run(context -> assertThat(context)
                        .hasSingleBean(AsyncOperationsEndpoint.class)
                        .hasBean("own"));
    }

    @Test
    void listShowsWhatAnOperatorMaySeeAndNothingElse() {
        exposed.run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            HeldBody done = new HeldBody(operation -> {
                operation.progress(3, 10.0, "a message with a secret");
                return "a result with a secret";
            });
            Operation ended = done.promote(executor, REPORT);
            done.release();
            executor.continueOperation(ended.requireId(), null, Duration.ofSeconds(10));
            HeldBody broken = new HeldBody(operation -> {
                throw new IllegalStateException("a failure with a secret");
            });
            Operation failed =
                    broken.promote(executor, REPORT.withOwner(OperationOwner.session("a-session-with-a-secret")));
            broken.release();
            executor.continueOperation(failed.requireId(), null, Duration.ofSeconds(10));

            MvcTestResult list = mvc(context).get().uri(PATH).exchange();
            assertThat(list).hasStatusOk();
            assertThat(list).bodyText().doesNotContain("secret", OWNER.name(), ended.requireId(), failed.requireId());
            assertThat(list).bodyJson().extractingPath("$.operations.length()").isEqualTo(2);

            String hash = OperationIds.hash(ended.requireId());
            MvcTestResult one = mvc(context).get().uri(PATH + "/" + hash).exchange();
            assertThat(one).hasStatusOk();
            assertThat(one).bodyText().doesNotContain("secret", OWNER.name(), ended.requireId());
            Operation end = executor.find(ended.requireId(), null);
            String owner = context.getBean(AsyncOperationsEndpoint.class)
                    .operation(hash)
                    .owner()
                    .hash();
            assertThat(owner).isNotEqualTo(OperationIds.hash(OWNER.name()));
            assertThat(one).bodyJson().isStrictlyEqualTo("""
                            {
                              "id": "%s",
                              "type": "report",
                              "owner": {"kind": "PRINCIPAL", "hash": "%s"},
                              "status": "COMPLETED",
                              "createdAt": "%s",
                              "endedAt": "%s",
                              "elapsed": "%s",
                              "progress": {"progress": 3.0, "total": 10.0}
                            }""".formatted(
                    hash, owner, end.createdAt(), end.endedAt(), Duration.between(end.createdAt(), end.endedAt())));
            assertThat(mvc(context).get().uri(PATH + "/" + OperationIds.hash(failed.requireId())))
                    .bodyJson()
                    .extractingPath("$.failure")
                    .isEqualTo("EXCEPTION");
        });
    }

    @Test
    void listIsFilteredByTypeAndStatusAndCutToTheLimit() {
        exposed.run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            new HeldBody().promote(executor, REPORT);
            Operation cancelled = new HeldBody().promote(executor, REPORT);
            executor.cancel(cancelled.requireId(), null);
            new HeldBody().promote(executor, ExecuteOptions.ofType("import"));

            assertThat(listed(context, "")).isEqualTo(3);
            assertThat(listed(context, "?type=report")).isEqualTo(2);
            assertThat(listed(context, "?status=working")).isEqualTo(2);
            assertThat(listed(context, "?status=WORKING&type=report")).isEqualTo(1);
            assertThat(listed(context, "?status=input-required")).isZero();
            assertThat(listed(context, "?limit=1")).isEqualTo(1);
        });
    }

    @Test
    void badParametersAreRefused() {
        exposed.run(context -> {
            assertThat(mvc(context).get().uri(PATH + "?limit=0")).hasStatus(HttpStatus.BAD_REQUEST);
            assertThat(mvc(context).get().uri(PATH + "?limit=few")).hasStatus(HttpStatus.BAD_REQUEST);
            assertThat(mvc(context).get().uri(PATH + "?status=sleeping")).hasStatus(HttpStatus.BAD_REQUEST);
        });
    }

    @Test
    void operationIsShownByItsIdToo() {
        exposed.run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            Operation running = new HeldBody().promote(executor, ExecuteOptions.ofType("import"));
            MvcTestResult one =
                    mvc(context).get().uri(PATH + "/" + running.requireId()).exchange();
            assertThat(one).hasStatusOk().bodyJson().extractingPath("$.owner").isEqualTo(Map.of("kind", "APPLICATION"));
            assertThat(one).bodyJson().extractingPath("$.status").isEqualTo("WORKING");
            assertThat(one).bodyJson().doesNotHavePath("$.endedAt");
        });
    }

    @Test
    void unknownOperationIsNotFound() {
        unrestricted.run(context -> {
            for (String unknown : new String[] {"0badc0de", OperationIds.next(), "-"}) {
                assertThat(mvc(context).get().uri(PATH + "/" + unknown)).hasStatus(HttpStatus.NOT_FOUND);
                assertThat(mvc(context).delete().uri(PATH + "/" + unknown)).hasStatus(HttpStatus.NOT_FOUND);
            }
        });
    }

    @Test
    void cancellingNeedsMoreThanTheDefaultAccess() {
        exposed.run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            Operation running = new HeldBody().promote(executor, REPORT);
            assertThat(mvc(context).delete().uri(PATH + "/" + OperationIds.hash(running.requireId())))
                    .hasStatus(HttpStatus.METHOD_NOT_ALLOWED);
            assertThat(executor.find(running.requireId(), null).status()).isEqualTo(OperationStatus.WORKING);
        });
    }

    @Test
    void cancelsByHashAndSaysWhetherItDid() {
        unrestricted.run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            Operation running = new HeldBody().promote(executor, REPORT);
            String hash = OperationIds.hash(running.requireId());

            assertThat(mvc(context).delete().uri(PATH + "/" + hash))
                    .hasStatusOk()
                    .bodyJson()
                    .isStrictlyEqualTo("{\"id\": \"%s\", \"cancelled\": true}".formatted(hash));
            assertThat(executor.find(running.requireId(), null).status()).isEqualTo(OperationStatus.CANCELLED);
            assertThat(mvc(context).delete().uri(PATH + "/" + hash))
                    .hasStatusOk()
                    .bodyJson()
                    .isStrictlyEqualTo("{\"id\": \"%s\", \"cancelled\": false}".formatted(hash));
        });
    }

    @Test
    void cancelsByIdWithoutRepeatingIt() {
        unrestricted.run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            Operation running = new HeldBody().promote(executor, REPORT);
            MvcTestResult answer =
                    mvc(context).delete().uri(PATH + "/" + running.requireId()).exchange();
            assertThat(answer).hasStatusOk().bodyText().doesNotContain(running.requireId());
            assertThat(executor.find(running.requireId(), null).status()).isEqualTo(OperationStatus.CANCELLED);
        });
    }

    private static int listed(AssertableWebApplicationContext context, String query) {
        int[] count = new int[1];
        assertThat(mvc(context).get().uri(PATH + query))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.operations.length()")
                .satisfies(length -> count[0] = ((Number) length).intValue());
        return count[0];
    }

    private static MockMvcTester mvc(AssertableWebApplicationContext context) {
        return MockMvcTester.from(context);
    }
}
