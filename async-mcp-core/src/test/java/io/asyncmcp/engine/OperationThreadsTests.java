package io.asyncmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.asyncmcp.engine.OperationThreads.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OperationThreadsTests {

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void withoutVirtualThreadsThePoolIsBounded() {
        assertThat(OperationThreads.virtualThreadsAvailable()).isFalse();
        assertThat(OperationThreads.newExecutor(Kind.AUTO, "test-", 3))
                .isInstanceOfSatisfying(
                        ThreadPoolExecutor.class,
                        pool -> assertThat(pool.getMaximumPoolSize()).isEqualTo(3));
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void virtualThreadsCannotBeHadOnAnOldJdk() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OperationThreads.newExecutor(Kind.VIRTUAL, "test-", 3))
                .withMessage("thread kind must not be VIRTUAL on JDK "
                        + Runtime.version().feature() + ": virtual threads need 21 or later, use AUTO");
    }

    @Test
    void threadOfThePlatformIsNotVirtual() {
        assertThat(OperationThreads.isVirtual(Thread.currentThread())).isFalse();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void everyTaskHasAVirtualThreadOfItsOwn() throws Exception {
        assertThat(OperationThreads.virtualThreadsAvailable()).isTrue();
        for (Kind kind : new Kind[] {Kind.AUTO, Kind.VIRTUAL}) {
            ExecutorService threads = OperationThreads.newExecutor(kind, "test-", 1);
            Set<Thread> used = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                Thread thread = threads.submit(Thread::currentThread).get(10, TimeUnit.SECONDS);
                assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
                assertThat(OperationThreads.isVirtual(thread)).isTrue();
                assertThat(thread.getName()).isEqualTo("test-virtual");
                used.add(thread);
            }
            assertThat(used).hasSize(3);
            threads.shutdown();
        }
    }

    @Test
    void poolGrowsToItsBoundAndNoFurther() throws Exception {
        ExecutorService threads = OperationThreads.newExecutor(Kind.PLATFORM, "test-", 2);
        CountDownLatch bothRun = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<String>> names = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            names.add(threads.submit(() -> {
                assertThat(Thread.currentThread().isDaemon()).isTrue();
                bothRun.countDown();
                go.await(10, TimeUnit.SECONDS);
                return Thread.currentThread().getName();
            }));
        }

        assertThat(bothRun.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(((ThreadPoolExecutor) threads).getQueue()).hasSize(2);
        go.countDown();

        for (Future<String> name : names) {
            assertThat(name.get(10, TimeUnit.SECONDS)).isIn("test-0", "test-1");
        }
        threads.shutdown();
    }

    @Test
    void timerForgetsWhatIsCancelled() {
        ScheduledExecutorService timer = OperationThreads.newTimer("test-timer-");
        ScheduledFuture<?> task = timer.schedule(() -> {}, 1, TimeUnit.HOURS);

        task.cancel(false);

        assertThat(timer)
                .isInstanceOfSatisfying(
                        ScheduledThreadPoolExecutor.class,
                        pool -> assertThat(pool.getQueue()).isEmpty());
        timer.shutdownNow();
    }

    /** Whoever happens to need a thread first does not leave an identity in it. */
    @ParameterizedTest
    @EnumSource(names = {"AUTO", "PLATFORM"})
    void threadsInheritNothingOfTheirMakers(Kind kind) throws Exception {
        InheritableThreadLocal<String> user = new InheritableThreadLocal<>();
        ClassLoader application = new ClassLoader("application", OperationThreadsTests.class.getClassLoader()) {};
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try {
            Thread.currentThread().setContextClassLoader(application);
            try (Closing threads = new Closing(OperationThreads.newExecutor(kind, "test-", 1));
                    Closing timer = new Closing(OperationThreads.newTimer("test-timer-"))) {
                Thread.currentThread().setContextClassLoader(before);
                user.set("admin");
                for (ExecutorService each : List.of(threads.executor(), timer.executor())) {
                    assertThat(each.submit(user::get).get(10, TimeUnit.SECONDS)).isNull();
                    assertThat(each.submit(() -> Thread.currentThread().getContextClassLoader())
                                    .get(10, TimeUnit.SECONDS))
                            .isSameAs(application);
                }
            }
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            user.remove();
        }
    }

    private record Closing(ExecutorService executor) implements AutoCloseable {

        @Override
        public void close() {
            executor.shutdownNow();
        }
    }
}
