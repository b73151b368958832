package io.asyncmcp.benchmarks.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The server that is measured over HTTP, on the web stack that is on its class path. It starts without the starter too, and
 * then has its plain tools alone.
 */
@SpringBootApplication
public class BenchmarkServer {

    public static void main(String[] args) {
        SpringApplication.run(BenchmarkServer.class, args);
    }
}
