package dev.retrain.cli.process;

import java.lang.reflect.Proxy;

/**
 * The user's wish to stop (Ctrl-C): long work looks at it and winds down in good order. A second
 * Ctrl-C ends the process at once.
 */
public final class Interruption {
  private volatile boolean requested;

  /** One that is never asked for by a signal. */
  public Interruption() {}

  /**
   * Takes the process's SIGINT and SIGTERM from now on.
   *
   * <p>Not by a shutdown hook: in a Java that is shutting down already, libraries refuse work.
   */
  public static Interruption ofProcess() {
    Interruption interruption = new Interruption();
    for (String signal : new String[] {"INT", "TERM"}) {
      try {
        interruption.take(signal);
      } catch (ReflectiveOperationException | RuntimeException ignored) {
        // Without it, the signal ends the process at once; what is committed is whole anyway.
      }
    }
    return interruption;
  }

  // By reflection: sun.misc.Signal is there in every JDK, but the compiler warns of it.
  private void take(String name) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object handling =
        Proxy.newProxyInstance(
            Interruption.class.getClassLoader(),
            new Class<?>[] {handler},
            (proxy, method, arguments) -> {
              if (method.getName().equals("handle")) {
                signalled();
              }
              return null;
            });
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
  }

  private void signalled() {
    if (requested) {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
    }
    request();
  }

  /** Asks for it. */
  public void request() {
    requested = true;
  }

  /** Whether it was asked for. */
  public boolean requested() {
    return requested;
  }
}
