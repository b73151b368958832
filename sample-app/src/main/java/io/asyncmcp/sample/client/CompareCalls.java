package io.asyncmcp.sample.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Measures what it costs that a tool is asynchronous: a plain and an asynchronous tool do nothing, in turns. */
public final class CompareCalls {

    private static final Duration WARM_UP_BURST = Duration.ofSeconds(5);

    /** Counted and not timed: how long a virtual machine takes to know its work depends on the computer. */
    private static final int WARM_UP_CALLS = 20_000;

    private final Callers callers;

    private final Timeline timeline;

    private CompareCalls(Callers callers, Timeline timeline) {
        this.callers = callers;
        this.timeline = timeline;
    }

    /**
     * Calls {@code echo} and {@code wait_for} on the running sample, and exits with 1 if an answer is wrong.
     *
     * @param args how many connections, how many rounds, how many seconds each tool is called in a round, and the
     *     server's address; 8, 10, 3 and {@code http://localhost:8080} by default
     */
    public static void main(String[] args) {
        ClientLogging.onlyWarnings();
        int connections = args.length > 0 ? Integer.parseInt(args[0]) : 8;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        double seconds = args.length > 2 ? Double.parseDouble(args[2]) : 3;
        String url = args.length > 3 ? args[3] : "http://localhost:8080";
        Timeline timeline = new Timeline(System.out);
        try (Callers callers = new Callers(url, connections)) {
            timeline.say(
                    "JDK %s, %d connections, %d rounds of twice %.1f s",
                    Runtime.version(), connections, rounds, seconds);
            new CompareCalls(callers, timeline).run(rounds, Duration.ofMillis(Math.round(seconds * 1000)));
        } catch (ExecutionException e) {
            fail(timeline, e.getCause() == null ? e : e.getCause(), url);
        } catch (Exception e) {
            fail(timeline, e, url);
        }
        System.exit(0);
    }

    private static void fail(Timeline timeline, Throwable error, String url) {
        timeline.say("FAILED: %s", Failure.describe(error, url));
        System.exit(1);
    }

    private void run(int rounds, Duration burst) throws InterruptedException, ExecutionException {
        warmUp();
        List<ComparedRound> measured = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            measured.add(round(round, burst));
            say("round", round, measured.get(round));
        }
        print(measured);
    }

    private void warmUp() throws InterruptedException, ExecutionException {
        int answered = 0;
        for (int round = 0; answered < WARM_UP_CALLS; round++) {
            ComparedRound warmUp = round(round, WARM_UP_BURST);
            say("warm-up", round, warmUp);
            answered += Math.min(warmUp.plain().calls(), warmUp.asynchronous().calls());
        }
    }

    private ComparedRound round(int number, Duration burst) throws InterruptedException, ExecutionException {
        if (ComparedRound.first(number) == ComparedTool.PLAIN) {
            Burst plain = callers.call(ComparedTool.PLAIN, burst);
            return new ComparedRound(plain, callers.call(ComparedTool.ASYNCHRONOUS, burst));
        }
        Burst asynchronous = callers.call(ComparedTool.ASYNCHRONOUS, burst);
        return new ComparedRound(callers.call(ComparedTool.PLAIN, burst), asynchronous);
    }

    private void say(String what, int number, ComparedRound round) {
        timeline.say(
                "%7s %2d: plain %7.0f calls/s, p99 %7.2f ms; asynchronous %7.0f calls/s, p99 %7.2f ms",
                what,
                number + 1,
                round.plain().throughput(),
                round.plain().percentile(99),
                round.asynchronous().throughput(),
                round.asynchronous().percentile(99));
    }

    private void print(List<ComparedRound> rounds) {
        timeline.say("%-36s%10s%10s%10s", "over the rounds", "median", "min", "max");
        print("plain echo", rounds, ComparedRound::plain);
        print("asynchronous wait_for", rounds, ComparedRound::asynchronous);
        row("asynchronous / plain, throughput", rounds, ComparedRound::throughputRatio, 3);
        row("asynchronous / plain, p99", rounds, ComparedRound::p99Ratio, 3);
    }

    private void print(String tool, List<ComparedRound> rounds, Function<ComparedRound, Burst> burst) {
        row(tool + ", calls/s", rounds, round -> burst.apply(round).throughput(), 0);
        row(tool + ", p50 ms", rounds, round -> burst.apply(round).percentile(50), 2);
        row(tool + ", p99 ms", rounds, round -> burst.apply(round).percentile(99), 2);
    }

    private void row(String name, List<ComparedRound> rounds, ToDoubleFunction<ComparedRound> value, int decimals) {
        timeline.say("%-36s%s", name, Spread.of(rounds, value).columns(decimals));
    }
}
