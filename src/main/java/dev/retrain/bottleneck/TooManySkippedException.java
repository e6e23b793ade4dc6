package dev.retrain.bottleneck;

import dev.retrain.util.RetrainException;

/** More than a tenth of the files can't be read. */
public final class TooManySkippedException extends RetrainException {
  private static final long serialVersionUID = 1L;

  TooManySkippedException(String format, Object... arguments) {
    super(format, arguments);
  }
}
