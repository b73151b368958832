package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.autoconfigure.owner.Users;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class WebFluxModernOwnershipIT extends ModernOwnershipContract {

    @Configuration(proxyBeanMethods = false)
    @Import({ModernTools.SyncConfig.class, Users.Reactive.class})
    static class Config {}

    WebFluxModernOwnershipIT() {
        super(WebApplicationType.REACTIVE, Config.class);
    }
}
