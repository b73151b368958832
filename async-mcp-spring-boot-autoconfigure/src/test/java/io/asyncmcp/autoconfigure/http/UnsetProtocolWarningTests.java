package io.asyncmcp.autoconfigure.http;

import static io.asyncmcp.autoconfigure.ContextRunners.SSE;
import static io.asyncmcp.autoconfigure.ContextRunners.STREAMABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.ContextRunners;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class UnsetProtocolWarningTests {

    private static final String WARNING = "spring.ai.mcp.server.protocol is not set";

    @Test
    void warnsOnAServletServer(CapturedOutput output) {
        ContextRunners.webMvc()
                .run(context -> assertThat(output).contains(WARNING).contains("Set it to STREAMABLE."));
    }

    @Test
    void warnsOnAReactiveServer(CapturedOutput output) {
        ContextRunners.webFlux().run(context -> assertThat(output).contains(WARNING));
    }

    @Test
    void warnsInALazyApplication(CapturedOutput output) {
        ContextRunners.webMvc()
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> assertThat(output).contains(WARNING));
    }

    @Test
    void saysNothingIfTheProtocolIsSet(CapturedOutput output) {
        ContextRunners.webMvc()
                .withPropertyValues(SSE)
                .run(context -> assertThat(context).hasNotFailed());
        ContextRunners.webFlux()
                .withPropertyValues(STREAMABLE)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain(WARNING);
    }

    @Test
    void saysNothingOutsideTheWebOrOverStdio(CapturedOutput output) {
        ContextRunners.plain().run(context -> assertThat(context).hasNotFailed());
        ContextRunners.webMvc()
                .withUserConfiguration(ContextRunners.NoStandardInput.class)
                .withPropertyValues("spring.ai.mcp.server.stdio=true")
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain(WARNING);
    }
}
