package io.asyncmcp.soak;

import io.asyncmcp.soak.client.Book;
import io.asyncmcp.soak.client.GenericClient;
import io.asyncmcp.soak.client.ModernClient;
import io.asyncmcp.soak.client.Plans;
import io.asyncmcp.soak.client.SoakClient;
import io.asyncmcp.soak.client.Tally;
import io.asyncmcp.soak.client.TasksClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** All clients at once, for a while. */
final class Load {

    private static final int CLIENTS_OF_A_KIND = 8;

    /** Of each kind; they share one owner, and so the owner's limit. */
    private static final int CLIENTS_WITH_A_NAME = 3;

    private static final Duration EXTENSION = Duration.ofMinutes(1);

    private static final long CHECK_MILLIS = 1000;

    private final String url;

    private final Tally tally;

    private final Book book;

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    Load(String url, Tally tally, Book book) {
        this.url = url;
        this.tally = tally;
        this.book = book;
    }

    /**
     * Returns when every client has finished its last call and has taken leave.
     *
     * @param duration how long at least
     * @param seed what all choices come from
     * @param phase what the names of all calls begin with
     * @param enough whether everything has happened that has to. On a machine that is busy with other things it may take
     *     longer, and then goes on for a while
     */
    void run(Duration duration, long seed, String phase, BooleanSupplier enough) throws InterruptedException {
        long start = System.nanoTime();
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<?>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS_OF_A_KIND; i++) {
            String user = i < CLIENTS_WITH_A_NAME ? "ann" : "";
            String name = phase + "-" + i;
            for (SoakClient client : List.of(
                    new GenericClient(url, user, threads, new Plans(seed, name + "-generic"), tally, book),
                    new TasksClient(url, user, threads, new Plans(seed, name + "-tasks"), tally, book),
                    new ModernClient(url, user, new Plans(seed, name + "-modern"), tally, book))) {
                running.add(CompletableFuture.runAsync(() -> client.run(over::get), threads));
            }
        }
        Thread.sleep(duration.toMillis());
        long limit = start + duration.plus(EXTENSION).toNanos();
        while (!enough.getAsBoolean() && System.nanoTime() - limit < 0) {
            Thread.sleep(CHECK_MILLIS);
        }
        over.set(true);
        running.forEach(CompletableFuture::join);
    }
}
