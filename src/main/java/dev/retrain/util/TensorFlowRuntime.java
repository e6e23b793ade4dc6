package dev.retrain.util;

import java.io.IOException;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.EagerSession;
import org.tensorflow.Graph;

/**
 * The only place where this library starts to use TensorFlow: it creates every graph and every
 * eager session, so that the settings of the process that make results repeatable are in force
 * before TensorFlow reads them.
 *
 * <p>The settings are environment variables, which are set in this process unless the user has set
 * them:
 *
 * <ul>
 *   <li>{@code TF_OVERRIDE_GLOBAL_THREADPOOL=1}: each session has as many threads as its {@code
 *       ConfigProto} says. Otherwise all sessions of a process share the pool of the first one,
 *       whose size influences the order of additions and so the last bits of results. TensorFlow
 *       reads it once, when it creates the first session of the process.
 *   <li>{@code NVIDIA_TF32_OVERRIDE=0}: on a GPU, float32 products are computed in float32 and not
 *       in TensorFloat-32. CUDA reads it when it is loaded.
 * </ul>
 *
 * <p>If the default locale has digits other than 0 to 9, as that of Persian, it gets ASCII digits
 * in its category {@link Locale.Category#FORMAT}: TensorFlow for Java names nodes with it.
 *
 * <p>A program that uses TensorFlow itself, too, calls {@link #ensureConfigured} before its first
 * use of TensorFlow. If it does not, a warning is logged.
 */
public final class TensorFlowRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(TensorFlowRuntime.class);

  private static final Map<String, String> SETTINGS =
      Map.of("TF_OVERRIDE_GLOBAL_THREADPOOL", "1", "NVIDIA_TF32_OVERRIDE", "0");

  /** Part of the name of TensorFlow's native library on every platform. */
  private static final String LIBRARY = "tensorflow";

  private static boolean configured;
  private static boolean unpacked;

  private TensorFlowRuntime() {}

  /**
   * An empty graph, which the caller closes.
   *
   * @throws RetrainException if TensorFlow's native library can't be unpacked or loaded
   */
  public static Graph newGraph() {
    prepare();
    try {
      return new Graph();
    } catch (LinkageError e) {
      throw NativeLibraries.failure("TensorFlow", e);
    }
  }

  /**
   * An eager session, which the caller closes.
   *
   * @throws RetrainException if TensorFlow's native library can't be unpacked or loaded
   */
  public static EagerSession newEagerSession() {
    prepare();
    try {
      return EagerSession.create();
    } catch (LinkageError e) {
      throw NativeLibraries.failure("TensorFlow", e);
    }
  }

  private static synchronized void prepare() {
    ensureConfigured();
    if (unpacked) {
      return;
    }
    try {
      NativeLibraries.unpackTensorFlow();
    } catch (IOException | LinkageError e) {
      throw NativeLibraries.failure("TensorFlow", e);
    }
    unpacked = true;
  }

  /** Prepares the process, the first time it is called; does not load TensorFlow. */
  public static synchronized void ensureConfigured() {
    useAsciiDigits();
    if (configured) {
      return;
    }
    configured = true;
    NativeLibraries.prepareJna();
    try {
      String missing = missingSettings();
      if (!missing.isEmpty() && isLoaded()) {
        LOG.warn(
            "TensorFlow was loaded before {} could be set, so results may differ in their last"
                + " bits. Call TensorFlowRuntime.ensureConfigured() before the first use of"
                + " TensorFlow.",
            missing);
      }
      SETTINGS.forEach(ProcessEnvironment::setIfAbsent);
    } catch (LinkageError e) {
      LOG.debug("Environment variables can't be set on this platform", e);
    }
  }

  /**
   * TensorFlow for Java formats the names of nodes with the default locale, and TensorFlow refuses
   * other digits in them. The locale stays the same except for its digits.
   */
  private static void useAsciiDigits() {
    Locale locale = Locale.getDefault(Locale.Category.FORMAT);
    if (DecimalFormatSymbols.getInstance(locale).getZeroDigit() != '0') {
      Locale latin =
          new Locale.Builder().setLocale(locale).setUnicodeLocaleKeyword("nu", "latn").build();
      Locale.setDefault(Locale.Category.FORMAT, latin);
      LOG.debug("Numbers are formatted with ASCII digits: {}", latin);
    }
  }

  private static String missingSettings() {
    return SETTINGS.entrySet().stream()
        .filter(setting -> ProcessEnvironment.get(setting.getKey()).isEmpty())
        .map(setting -> setting.getKey() + "=" + setting.getValue())
        .sorted()
        .collect(Collectors.joining(" and "));
  }

  private static boolean isLoaded() {
    return Loader.getLoadedLibraries().keySet().stream().anyMatch(name -> name.contains(LIBRARY));
  }
}
