package io.asyncmcp.soak.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the server on the stack that the profile names, {@code webmvc} or {@code webflux}. */
@SpringBootApplication
public class SoakServer {

    public static void main(String[] args) {
        SpringApplication.run(SoakServer.class, args);
    }
}
