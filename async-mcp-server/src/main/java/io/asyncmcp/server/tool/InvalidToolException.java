package io.asyncmcp.server.tool;

/**
 * A tool cannot be what its annotation or the configuration says. Found when the application starts.
 *
 * @since 0.1.0
 */
public final class InvalidToolException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final String problem;

    private final String remedy;

    /** Creates one, whose message is the problem and the remedy. */
    public InvalidToolException(String problem, String remedy) {
        super(problem + " " + remedy);
        this.problem = problem;
        this.remedy = remedy;
    }

    /** Returns what is wrong, with the method or the setting. */
    public String problem() {
        return problem;
    }

    /** Returns what to do about it. */
    public String remedy() {
        return remedy;
    }
}
