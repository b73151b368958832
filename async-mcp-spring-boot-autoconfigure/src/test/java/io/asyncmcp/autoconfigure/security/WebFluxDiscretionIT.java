package io.asyncmcp.autoconfigure.security;

import io.asyncmcp.autoconfigure.owner.Users;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class WebFluxDiscretionIT extends DiscretionContract {

    @Configuration(proxyBeanMethods = false)
    @Import({DiscretionContract.Tools.class, Users.Reactive.class, Users.NamedStrangers.class})
    static class Config {}

    WebFluxDiscretionIT() {
        super(WebApplicationType.REACTIVE, Config.class);
    }
}
