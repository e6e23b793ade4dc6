package dev.retrain.fetch;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The bytes of an answer as they come, for a reader that does not wait longer than it wants to.
 * Closing it drops the connection if it is not at its end.
 */
final class ResponseReader implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
  private sealed interface Event permits Bytes, End, Broken {}

  private record Bytes(List<ByteBuffer> buffers) implements Event {}

  private record End() implements Event {}

  private record Broken(Throwable why) implements Event {}

  // Asked for one by one, so never more than a few.
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile Flow.Subscription subscription;
  private boolean ended;

  /**
   * Waits for bytes.
   *
   * @param patience how long at most
   * @return what came; nothing where that was too long, or at the end
   * @throws ConnectionException where the connection broke
   */
  List<ByteBuffer> next(Duration patience) throws ConnectionException, InterruptedException {
    Event event = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (event instanceof Broken broken) {
      throw new ConnectionException(broken.why());
    }
    if (event instanceof Bytes bytes) {
      subscription.request(1);
      return bytes.buffers();
    }
    ended |= event instanceof End;
    return List.of();
  }

  /** Whether every byte was handed out. */
  boolean ended() {
    return ended;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    events.add(new Bytes(buffers));
  }

  @Override
  public void onError(Throwable why) {
    events.add(new Broken(why));
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
