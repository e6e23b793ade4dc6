package dev.retrain.fetch;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads the body of an HTTP response with a timeout. Closing it before the end drops the
 * connection.
 */
final class ResponseReader implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
  private sealed interface Event permits Bytes, End, Broken {}

  private record Bytes(List<ByteBuffer> buffers) implements Event {}

  private record End() implements Event {}

  private record Broken(Throwable cause) implements Event {}

  // Never more than a few, since items are requested one by one.
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile Flow.Subscription subscription;
  private boolean ended;

  ResponseReader(Flow.Publisher<List<ByteBuffer>> body) {
    body.subscribe(this);
  }

  /**
   * Waits for bytes.
   *
   * @param timeout how long to wait
   * @return the bytes received; empty after the timeout and at the end
   * @throws ConnectionException if the connection broke
   */
  List<ByteBuffer> next(Duration timeout) throws ConnectionException, InterruptedException {
    Event event = events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
    if (event instanceof Broken broken) {
      throw new ConnectionException(broken.cause());
    }
    if (event instanceof Bytes bytes) {
      subscription.request(1);
      return bytes.buffers();
    }
    ended |= event instanceof End;
    return List.of();
  }

  /** Whether {@link #next} has reached the end. */
  boolean ended() {
    return ended;
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    events.add(new Bytes(buffers));
  }

  @Override
  public void onError(Throwable cause) {
    events.add(new Broken(cause));
  }

  @Override
  public void onComplete() {
    events.add(new End());
  }

  @Override
  public void close() {
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
