package io.asyncmcp.soak.client;

import io.asyncmcp.soak.client.Plan.Afterwards;
import io.asyncmcp.soak.client.Plan.Course;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** One client's plans. The same seed gives the same plans in the same order, however they turn out. */
public final class Plans {

    private static final int TOOL_WEIGHTS =
            Stream.of(Tool.values()).mapToInt(Tool::weight).sum();

    /** Beyond the limit of what a tool may return. */
    private static final int TOO_MANY_KILOBYTES = 600;

    private static final int MANY_KILOBYTES = 100;

    private final SplittableRandom random;

    private final String name;

    private int count;

    /**
     * Begins anew.
     *
     * @param seed where the random numbers begin
     * @param name what all keys of this client begin with
     */
    public Plans(long seed, String name) {
        // Unlike those of Random, the first draws from neighbouring seeds are not alike.
        this.random = new SplittableRandom(seed ^ (long) name.hashCode() << Integer.SIZE);
        this.name = name;
    }

    /** Draws everything each time, so that what is drawn next does not depend on what is used. */
    Plan next() {
        Tool tool = tool();
        String key = name + "-" + ++count;
        int millis = random.nextInt(1200);
        int kilobytes = chance(15) ? TOO_MANY_KILOBYTES : MANY_KILOBYTES;
        Course course = course(tool, random.nextInt(100));
        int patience = 50 + random.nextInt(400);
        boolean answers = !chance(50);
        boolean curious = chance(30);
        boolean extension = !chance(35);
        int afterwards = random.nextInt(100);
        if (tool == Tool.SHARED) {
            // Equal calls share an operation, whoever of the owner's clients makes them.
            key = "shared";
            millis = 1500;
        }
        return new Plan(
                tool,
                key,
                millis,
                kilobytes,
                course,
                patience,
                answers,
                curious,
                extension,
                afterwards < 8 ? Afterwards.DELETE : afterwards < 14 ? Afterwards.ABANDON : Afterwards.STAY);
    }

    private Tool tool() {
        int drawn = random.nextInt(TOOL_WEIGHTS);
        for (Tool tool : Tool.values()) {
            drawn -= tool.weight();
            if (drawn < 0) {
                return tool;
            }
        }
        throw new IllegalStateException("the weights do not add up");
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private static Course course(Tool tool, int percent) {
        return switch (tool) {
            // Whoever cancels a shared operation or leaves it in mid-call does so for others, and could not account for
            // them.
            case SHARED, PLAIN -> Course.FOLLOW;
            case ENDLESS, STUBBORN ->
                percent < 55
                        ? Course.CANCEL
                        : percent < 80 ? Course.FOLLOW : percent < 90 ? Course.LEAVE : Course.VANISH;
            default ->
                percent < 70
                        ? Course.FOLLOW
                        : percent < 80 ? Course.CANCEL : percent < 90 ? Course.LEAVE : Course.VANISH;
        };
    }
}
