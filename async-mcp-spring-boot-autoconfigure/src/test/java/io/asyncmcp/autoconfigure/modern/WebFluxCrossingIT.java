package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.autoconfigure.owner.Users;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class WebFluxCrossingIT extends CrossingContract {

    @Configuration(proxyBeanMethods = false)
    @Import({ModernTools.SyncConfig.class, Users.Reactive.class})
    static class Config {}

    WebFluxCrossingIT() {
        super(WebApplicationType.REACTIVE, Config.class);
    }
}
