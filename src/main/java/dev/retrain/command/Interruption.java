package dev.retrain.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The user's wish to stop (Ctrl-C): the process waits until the work in hand has wound down in good
 * order, then ends with the signal's exit code, 130.
 */
public final class Interruption {
  /** Longest wait, in seconds: one batch through the network, or one evaluation, takes less. */
  private static final int PATIENCE = 60;

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean requested;

  /** One that is never asked for by a signal. */
  public Interruption() {}

  /** Listens to the process's signals from now on. */
  public static Interruption ofProcess() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(interruption::requestAndWait, "wait-for-winding-down"));
    return interruption;
  }

  private void requestAndWait() {
    if (finished.getCount() == 0) {
      return;
    }
    request();
    try {
      if (!finished.await(PATIENCE, TimeUnit.SECONDS)) {
        System.err.println("retrain: the work did not wind down in time; what was kept is whole.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks for it. */
  public void request() {
    requested = true;
  }

  /** Whether it was asked for. */
  public boolean requested() {
    return requested;
  }

  /** The work is done; nobody needs to wait any more. */
  public void finish() {
    finished.countDown();
  }
}
