package io.asyncmcp.server.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelcontextprotocol.spec.McpError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Headers as a transport hands them over: looked up in any case. */
final class Headers {

    private Headers() {}

    static Function<String, List<String>> of(String... namesAndValues) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.computeIfAbsent(namesAndValues[i], name -> new ArrayList<>())
                    .add(namesAndValues[i + 1]);
        }
        return name -> headers.getOrDefault(name, List.of());
    }

    /** The message of the refusal. */
    static String mismatch(ThrowingCallable check) {
        McpError error = catchThrowableOfType(McpError.class, check);
        assertThat(error).as("refused").isNotNull();
        assertThat(error.getJsonRpcError().code()).isEqualTo(-32020);
        assertThat(ModernErrors.httpStatus(error.getJsonRpcError())).isEqualTo(400);
        return error.getJsonRpcError().message();
    }
}
