package dev.retrain.cli.process;

import java.lang.reflect.Proxy;

/**
 * A request to stop (Ctrl-C), which long work polls to stop in an orderly way. A second Ctrl-C ends
 * the process immediately.
 */
public final class Interruption {
  private volatile boolean requested;

  /** An interruption that no signal requests. */
  public Interruption() {}

  /**
   * Handles SIGINT and SIGTERM of this process.
   *
   * <p>A shutdown hook does not work: libraries refuse work while Java shuts down.
   */
  public static Interruption ofProcess() {
    Interruption interruption = new Interruption();
    for (String signal : new String[] {"INT", "TERM"}) {
      try {
        interruption.handle(signal);
      } catch (ReflectiveOperationException | RuntimeException ignored) {
        // Without a handler the signal ends the process; committed files are complete anyway.
      }
    }
    return interruption;
  }

  // By reflection, because the compiler warns about sun.misc.Signal, which every JDK has.
  private void handle(String name) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object proxy =
        Proxy.newProxyInstance(
            Interruption.class.getClassLoader(),
            new Class<?>[] {handler},
            (self, method, arguments) -> {
              if (method.getName().equals("handle")) {
                signalled();
              }
              return null;
            });
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
  }

  private void signalled() {
    if (requested) {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
    }
    request();
  }

  /** Requests the interruption. */
  public void request() {
    requested = true;
  }

  /** Whether the interruption is requested. */
  public boolean requested() {
    return requested;
  }
}
