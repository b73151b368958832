package io.asyncmcp.server.modern;

import io.asyncmcp.doubles.MutableClock;
import io.asyncmcp.store.InMemoryOperationStore;
import io.asyncmcp.store.OperationStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A store whose look-ups fail when a test says so, once. */
final class FailingLookUps {

    private int left;

    private @Nullable Error fault;

    /** Lets the how many-th look-up from now on fail. */
    void failAt(int number, Error fault) {
        this.left = number;
        this.fault = fault;
    }

    /** Whether what was to fail has failed. */
    boolean haveFailed() {
        return fault == null;
    }

    OperationStore store(Duration retention, MutableClock clock) {
        OperationStore store = new InMemoryOperationStore(retention, clock);
        return (OperationStore) Proxy.newProxyInstance(
                FailingLookUps.class.getClassLoader(),
                new Class<?>[] {OperationStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("find")) {
                        pass();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void pass() {
        Error due = fault;
        if (due != null && --left == 0) {
            fault = null;
            throw due;
        }
    }
}
