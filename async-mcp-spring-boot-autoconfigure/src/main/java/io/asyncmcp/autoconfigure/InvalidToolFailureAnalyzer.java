package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.tool.InvalidToolException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with a tool, and what to do about it, in the place of a stack trace. */
final class InvalidToolFailureAnalyzer extends AbstractFailureAnalyzer<InvalidToolException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidToolException cause) {
        return new FailureAnalysis(cause.problem(), cause.remedy(), cause);
    }
}
