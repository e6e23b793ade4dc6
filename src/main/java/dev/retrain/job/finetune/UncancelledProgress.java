package dev.retrain.job.finetune;

import dev.retrain.util.Progress;

/** Shows the progress of work that a cancelled training still needs. */
record UncancelledProgress(Progress progress) implements Progress {
  @Override
  public void begin(String stage, String unit, long total) {
    progress.begin(stage, unit, total);
  }

  @Override
  public void advance(long count) {
    progress.advance(count);
  }

  @Override
  public void end() {
    progress.end();
  }
}
