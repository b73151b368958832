package io.asyncmcp.autoconfigure.security;

import io.asyncmcp.autoconfigure.owner.Users;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class WebFluxIntrusionIT extends IntrusionContract {

    @Configuration(proxyBeanMethods = false)
    @Import({VaultTools.Config.class, Users.Reactive.class, Users.NamedStrangers.class})
    static class Config {}

    WebFluxIntrusionIT() {
        super(WebApplicationType.REACTIVE, Config.class);
    }
}
