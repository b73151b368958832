package io.asyncmcp.autoconfigure.security;

import io.asyncmcp.autoconfigure.owner.Users;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class WebMvcIntrusionIT extends IntrusionContract {

    @Configuration(proxyBeanMethods = false)
    @Import({VaultTools.Config.class, Users.Servlet.class})
    static class Config {}

    WebMvcIntrusionIT() {
        super(WebApplicationType.SERVLET, Config.class);
    }
}
