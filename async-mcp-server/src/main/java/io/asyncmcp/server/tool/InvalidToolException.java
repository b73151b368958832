package io.asyncmcp.server.tool;

/**
 * A tool cannot be what its annotation or the configuration says. Found when the application starts.
 *
 * @since 0.1.0
 */
public final class InvalidToolException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** What is wrong, with the method or the setting. */
    private final String problem;

    /** What to do about it. */
    private final String remedy;

    /**
     * Creates one.
     *
     * @param problem what is wrong, with the method or the setting
     * @param remedy what to do about it
     */
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
