package dev.retrain.cli.process;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What TensorFlow is told by environment variables, which it reads when it is loaded: they are set
 * in this process, unless the user has set them.
 */
public final class TensorFlowSettings {
  private static final Logger LOG = LoggerFactory.getLogger(TensorFlowSettings.class);

  private static final Map<String, String> SETTINGS =
      Map.of(
          // As many threads as a session asks for, in place of as many as the first one did.
          "TF_OVERRIDE_GLOBAL_THREADPOOL", "1",
          // On a GPU, float32 is to mean float32.
          "NVIDIA_TF32_OVERRIDE", "0");

  private TensorFlowSettings() {}

  /** Sets them, before TensorFlow is first used. */
  public static void prepare() {
    try {
      SETTINGS.forEach(TensorFlowSettings::set);
    } catch (LinkageError e) {
      LOG.debug("TensorFlow's settings can't be made", e);
    }
  }

  /** Sets a variable that is not set. */
  static void set(String name, String value) {
    if (System.getenv(name) != null) {
      return;
    }
    if (Platform.isWindows()) {
      call("ucrtbase", "_putenv_s", name, value);
    } else {
      call(Platform.C_LIBRARY_NAME, "setenv", name, value, 1);
    }
  }

  static int call(String library, String function, Object... arguments) {
    return Function.getFunction(library, function).invokeInt(arguments);
  }
}
