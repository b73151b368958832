package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.autoconfigure.owner.Users;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class WebMvcCrossingIT extends CrossingContract {

    @Configuration(proxyBeanMethods = false)
    @Import({ModernTools.SyncConfig.class, Users.Servlet.class})
    static class Config {}

    WebMvcCrossingIT() {
        super(WebApplicationType.SERVLET, Config.class);
    }
}
