package io.asyncmcp.server;

import io.micrometer.context.ThreadLocalAccessor;
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.context.i18n.LocaleContextThreadLocalAccessor;
import org.springframework.context.i18n.SimpleLocaleContext;
import org.springframework.context.i18n.SimpleTimeZoneAwareLocaleContext;
import org.springframework.context.i18n.TimeZoneAwareLocaleContext;

/**
 * Carries the locale over, and the time zone if there is one. Stands in for Spring's accessor, under its key: what Spring MVC
 * binds asks the request when somebody wants to know, and an operation outlives its request.
 */
final class LocaleAccessor implements ThreadLocalAccessor<LocaleContext> {

    @Override
    public Object key() {
        return LocaleContextThreadLocalAccessor.KEY;
    }

    @Override
    public @Nullable LocaleContext getValue() {
        LocaleContext bound = LocaleContextHolder.getLocaleContext();
        if (bound == null) {
            return null;
        }
        try {
            Locale locale = bound.getLocale();
            TimeZone zone = bound instanceof TimeZoneAwareLocaleContext aware ? aware.getTimeZone() : null;
            return zone == null ? new SimpleLocaleContext(locale) : new SimpleTimeZoneAwareLocaleContext(locale, zone);
        } catch (RuntimeException e) {
            // It is read from the request's header only now, and the container may not take that.
            return null;
        }
    }

    @Override
    public void setValue(LocaleContext value) {
        LocaleContextHolder.setLocaleContext(value);
    }

    @Override
    public void setValue() {
        LocaleContextHolder.resetLocaleContext();
    }
}
