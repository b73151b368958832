package io.asyncmcp.sample.echo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EchoToolTests {

    @Test
    void messageComesBackUnchanged() {
        assertThat(new EchoTool().echo(" a <b> \n")).isEqualTo(" a <b> \n");
    }
}
