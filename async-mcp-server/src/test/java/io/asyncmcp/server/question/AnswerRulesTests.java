package io.asyncmcp.server.question;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.InputRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswerRulesTests {

    private static @Nullable String misfitOfRoots(Object roots) {
        return AnswerRules.misfit(
                new InputRequest("key", "roots/list", null, false, null), Map.of("roots", roots), 1_000_000);
    }

    @Test
    void rootsHaveUris() {
        assertThat(misfitOfRoots(List.of())).isNull();
        assertThat(misfitOfRoots(List.of(Map.of("uri", "file:///a", "name", "a"))))
                .isNull();
        assertThat(misfitOfRoots(Collections.nCopies(1_000, Map.of())))
                .isEqualTo("Each of the roots must be an object with a uri.");
        assertThat(misfitOfRoots(List.of("file:///a"))).isNotNull();
        assertThat(misfitOfRoots("file:///a"))
                .isEqualTo("The result must be a list of roots, as the protocol defines it.");
    }

    @Test
    void membersOfElicitationsAreWhatTheyShouldBe() {
        assertThat(misfitOfElicitation(Map.of("action", "decline"))).isNull();
        assertThat(misfitOfElicitation(Map.of("action", "decline", "content", Map.of(), "_meta", Map.of())))
                .isNull();
        assertThat(misfitOfElicitation(Map.of("action", "decline", "content", "x")))
                .isEqualTo("content must be an object.");
        assertThat(misfitOfElicitation(Map.of("action", "cancel", "_meta", List.of("x"))))
                .isEqualTo("_meta must be an object.");
    }

    private static @Nullable String misfitOfElicitation(Object answer) {
        return AnswerRules.misfit(new InputRequest("k", "elicitation/create", Map.of(), false, null), answer, 1_000);
    }
}
