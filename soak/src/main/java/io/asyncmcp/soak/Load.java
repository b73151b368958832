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
import java.util.function.BooleanSupplier;

/** All clients at once, for a while. */
final class Load {

    private static final int CLIENTS_OF_A_KIND = 8;

    /** Of each kind; they share one owner, and so the owner's limit. */
    private static final int CLIENTS_WITH_A_NAME = 3;

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

    /** Returns when every client has finished its last call and has taken leave. */
    void run(Duration duration, long seed, String phase) {
        long start = System.nanoTime();
        BooleanSupplier over = () -> System.nanoTime() - start > duration.toNanos();
        List<CompletableFuture<?>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS_OF_A_KIND; i++) {
            String user = i < CLIENTS_WITH_A_NAME ? "ann" : "";
            String name = phase + "-" + i;
            for (SoakClient client : List.of(
                    new GenericClient(url, user, threads, new Plans(seed, name + "-generic"), tally, book),
                    new TasksClient(url, user, threads, new Plans(seed, name + "-tasks"), tally, book),
                    new ModernClient(url, user, new Plans(seed, name + "-modern"), tally, book))) {
                running.add(CompletableFuture.runAsync(() -> client.run(over), threads));
            }
        }
        running.forEach(CompletableFuture::join);
    }
}
