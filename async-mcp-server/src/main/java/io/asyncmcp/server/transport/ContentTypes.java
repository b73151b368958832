package io.asyncmcp.server.transport;

import java.util.List;
import java.util.Locale;

/**
 * What the body of a POST may be declared to be.
 *
 * <p>A web page of any site can send a form or a plain text anywhere without asking. For JSON its browser asks the server
 * first, so that a server which takes nothing else is out of reach for pages that it has not allowed.
 *
 * @since 0.1.0
 */
public final class ContentTypes {

    private static final int MAX_LENGTH = 256;

    private ContentTypes() {}

    /**
     * Tells whether a body is declared to be JSON in UTF-8.
     *
     * @param values the values of the header {@code Content-Type}
     * @return {@code false} if it is declared to be something else, or nothing at all
     */
    public static boolean isJson(List<String> values) {
        if (values.size() != 1 || values.get(0).length() > MAX_LENGTH) {
            return false;
        }
        String[] parts = values.get(0).toLowerCase(Locale.ROOT).split(";");
        String type = parts.length == 0 ? "" : parts[0].strip();
        if (!type.equals("application/json") && !(type.startsWith("application/") && type.endsWith("+json"))) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("charset=") && !isUtf8(parameter.substring("charset=".length()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUtf8(String charset) {
        return charset.equals("utf-8") || charset.equals("\"utf-8\"") || charset.equals("utf8");
    }
}
