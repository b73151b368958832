package io.asyncmcp.soak;

import java.util.ArrayList;
import java.util.List;

/** Collects what is not as it must be. */
final class Findings {

    private final List<String> violations = new ArrayList<>();

    void require(boolean holds, String otherwise, Object... values) {
        if (!holds) {
            violations.add(otherwise.formatted(values));
        }
    }

    List<String> violations() {
        return violations;
    }
}
