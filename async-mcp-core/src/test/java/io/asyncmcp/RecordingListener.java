package io.asyncmcp;

import io.asyncmcp.OperationRejectedException.Limit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was told. */
final class RecordingListener implements OperationListener {

    final List<String> names = new CopyOnWriteArrayList<>();

    final List<Operation> started = new CopyOnWriteArrayList<>();

    final List<Operation> promoted = new CopyOnWriteArrayList<>();

    final List<Operation> ended = new CopyOnWriteArrayList<>();

    final List<Limit> rejected = new CopyOnWriteArrayList<>();

    final List<Integer> expired = new CopyOnWriteArrayList<>();

    @Override
    public void started(Operation operation) {
        names.add("started");
        started.add(operation);
    }

    @Override
    public void promoted(Operation operation) {
        names.add("promoted");
        promoted.add(operation);
    }

    @Override
    public void ended(Operation operation) {
        names.add("ended");
        ended.add(operation);
    }

    @Override
    public void rejected(String type, Limit limit) {
        names.add("rejected");
        rejected.add(limit);
    }

    @Override
    public void joined(Operation operation) {
        names.add("joined");
    }

    @Override
    public void expired(int count) {
        names.add("expired");
        expired.add(count);
    }
}
