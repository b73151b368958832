package io.asyncmcp.autoconfigure.security;

import io.asyncmcp.autoconfigure.owner.Users;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class WebMvcDiscretionIT extends DiscretionContract {

    @Configuration(proxyBeanMethods = false)
    @Import({DiscretionContract.Tools.class, Users.Servlet.class})
    static class Config {}

    WebMvcDiscretionIT() {
        super(WebApplicationType.SERVLET, Config.class);
    }
}
