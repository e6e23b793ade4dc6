package dev.retrain.cli.process;

import java.lang.reflect.Proxy;

/**
 * A request to stop (Ctrl-C, SIGTERM, SIGHUP), which long work polls to stop in an orderly way. A
 * second signal ends the process immediately.
 */
public final class Interruption {
  private static final String[] SIGNALS = {"HUP", "INT", "TERM"};

  /** A process that a signal ended has this exit code plus the signal's number. */
  private static final int SIGNAL_BASE = 128;

  private volatile boolean requested;
  private volatile int exitCode = ExitCode.INTERRUPTED.code();

  /** An interruption that no signal requests. */
  public Interruption() {}

  /**
   * Handles SIGINT, SIGTERM and SIGHUP of this process. A signal that is ignored, as by {@code
   * nohup}, stays ignored.
   *
   * <p>A shutdown hook does not work: libraries refuse work while Java shuts down.
   */
  public static Interruption ofProcess() {
    Interruption interruption = new Interruption();
    for (String signal : SIGNALS) {
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
                signalled((int) signal.getMethod("getNumber").invoke(arguments[0]));
              }
              return null;
            });
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
  }

  private void signalled(int number) {
    if (requested) {
      Runtime.getRuntime().halt(exitCode);
    }
    exitCode = SIGNAL_BASE + number;
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

  /**
   * The exit code of the process: for an interrupted command, it says which signal was received.
   *
   * @param code the command's exit code
   */
  public int exitCode(int code) {
    return code == ExitCode.INTERRUPTED.code() ? exitCode : code;
  }
}
