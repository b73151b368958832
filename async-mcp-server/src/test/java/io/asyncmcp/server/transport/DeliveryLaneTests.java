package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeliveryLaneTests {

    /** What the shared threads have been asked for and have not begun. */
    private final Queue<Runnable> threads = new ArrayDeque<>();

    private final List<Integer> done = new ArrayList<>();

    private boolean shutDown;

    private DeliveryLane lane(int width) {
        return new DeliveryLane(
                task -> {
                    if (shutDown) {
                        throw new RejectedExecutionException();
                    }
                    threads.add(task);
                },
                width);
    }

    private void runThreads() {
        for (Runnable task = threads.poll(); task != null; task = threads.poll()) {
            task.run();
        }
    }

    @Test
    void oneThreadIsAskedForHoweverMuchThereIsToDo() {
        DeliveryLane lane = lane(1);
        for (int i = 0; i < 100; i++) {
            int number = i;
            lane.execute(() -> done.add(number));
        }
        assertThat(threads).hasSize(1);
        runThreads();
        assertThat(done).hasSize(100).isSorted();
    }

    @Test
    void asManyThreadsAsTheLaneIsWide() {
        DeliveryLane lane = lane(4);
        for (int i = 0; i < 100; i++) {
            lane.execute(() -> done.add(0));
        }
        assertThat(threads).hasSize(4);
        runThreads();
        assertThat(done).hasSize(100);
        lane.execute(() -> done.add(0));
        assertThat(threads).hasSize(1);
    }

    @Test
    void threadIsGivenBackBetweenTasks() {
        DeliveryLane lane = lane(1);
        DeliveryLane other = lane(1);
        lane.execute(() -> done.add(1));
        lane.execute(() -> done.add(3));
        other.execute(() -> done.add(2));
        runThreads();
        assertThat(done).containsExactly(1, 2, 3);
    }

    @Test
    void taskThatIsAddedByATaskRunsAfterwards() {
        DeliveryLane lane = lane(1);
        lane.execute(() -> {
            lane.execute(() -> done.add(2));
            done.add(1);
        });
        runThreads();
        assertThat(done).containsExactly(1, 2);
    }

    static List<Throwable> failures() {
        return List.of(
                new IllegalStateException("no"), new NoClassDefFoundError("no"), new SQLException("not declared"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void taskThatFailsHoldsNothingUp(Throwable failure) {
        DeliveryLane lane = lane(1);
        lane.execute(() -> {
            throw DeliveryLaneTests.<RuntimeException>undeclared(failure);
        });
        lane.execute(() -> done.add(1));
        runThreads();
        assertThat(done).containsExactly(1);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T undeclared(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void whatIsThereAtShutdownStillGoesOut() {
        DeliveryLane lane = lane(1);
        lane.execute(() -> done.add(1));
        lane.execute(() -> done.add(2));
        shutDown = true;
        runThreads();
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void whatComesAfterShutdownIsRejected() {
        DeliveryLane lane = lane(1);
        shutDown = true;
        assertThatThrownBy(() -> lane.execute(() -> done.add(1))).isInstanceOf(RejectedExecutionException.class);
        shutDown = false;
        lane.execute(() -> done.add(2));
        runThreads();
        assertThat(done).containsExactly(2);
    }
}
