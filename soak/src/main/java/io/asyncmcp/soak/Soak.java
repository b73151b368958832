package io.asyncmcp.soak;

import io.asyncmcp.soak.client.Book;
import io.asyncmcp.soak.client.Tally;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs one soak, prints what came of it, and ends with 1 if anything is not as it must be. */
public final class Soak {

    /** Long enough for every path to have been taken once, so that what is made once is there before anything is compared. */
    private static final Duration WARM_UP = Duration.ofSeconds(8);

    private Soak() {}

    /**
     * Runs it.
     *
     * @param args how many seconds, {@code webmvc} or {@code webflux}, where the server logs to, and the seed if it is to be a
     *     certain one
     */
    public static void main(String[] args) throws Exception {
        Duration duration = Duration.ofSeconds(Long.parseLong(args[0]));
        String stack = args[1];
        long seed = args.length > 3 ? Long.parseLong(args[3]) : System.nanoTime() & 0xffff_ffffL;
        System.out.printf("soak: %d s on %s, JDK %s, seed %d%n", duration.toSeconds(), stack, Runtime.version(), seed);
        List<String> violations;
        try (ServerProcess server = ServerProcess.start(stack, args[2])) {
            violations = soak(server, stack, duration, seed);
        }
        violations.forEach(violation -> System.out.println("VIOLATION: " + violation));
        System.out.println(violations.isEmpty() ? "PASSED" : "FAILED, seed " + seed);
        System.exit(violations.isEmpty() ? 0 : 1);
    }

    private static List<String> soak(ServerProcess server, String stack, Duration duration, long seed)
            throws InterruptedException {
        Tally tally = new Tally();
        Book book = new Book();
        Occurrences occurrences = new Occurrences(tally);
        Load load = new Load(server.url(), tally, book);
        ServerView view = new ServerView(server.url());

        load.run(WARM_UP, seed, "warm", () -> true);
        view.awaitQuiet();
        Map<String, List<String>> ledger = view.ledger();
        Snapshot before = view.snapshot();
        load.run(duration, seed, "run", () -> occurrences.areComplete(view.meters()));
        view.awaitQuiet();
        ledger.putAll(view.ledger());
        Snapshot after = view.snapshot();

        Summary.print(tally, before, after);
        Findings findings = new Findings();
        occurrences.check(after.meters(), findings);
        new Accounts(after.meters(), ledger, findings).check(book.entries());
        new Residue(findings).check(before, after);
        return findings.violations();
    }
}
