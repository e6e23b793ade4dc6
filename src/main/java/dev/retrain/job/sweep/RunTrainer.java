package dev.retrain.job.sweep;

import dev.retrain.job.data.ImageSource;
import dev.retrain.job.finetune.FineTuneOutcome;
import dev.retrain.job.finetune.FineTuneRequest;
import dev.retrain.job.finetune.FineTuneSettings;
import dev.retrain.job.finetune.FineTuneStage;
import dev.retrain.job.output.TensorBoardListener;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.head.HeadTrainer;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Trains a run of a sweep.
 *
 * @param run the run
 * @param input what it is trained on
 * @param checkpoint the state of its fine-tuning, from which it continues if the file exists. It is
 *     kept at the end, so that the result can be computed again without updates
 */
record RunTrainer(SweepRun run, SweepInput input, Path checkpoint) {
  /**
   * Trains as a single training does.
   *
   * @param events receives the events, if they are written
   * @param progress receives the progress, and can cancel the work
   * @throws CancelledException if the user cancels before the first update of the network
   */
  FineTuneOutcome train(Optional<TensorBoardListener> events, Progress progress)
      throws IOException {
    Optional<FineTuneStage> stage = run.fineTuning().map(this::prepare);
    if (events.isPresent() && stage.flatMap(FineTuneStage::events).isPresent()) {
      events.get().resume(stage.get().events().get());
    }
    TrainingResult head =
        new HeadTrainer(
                run.training(),
                events.<TrainingListener>map(Function.identity()).orElse(TrainingListener.NONE),
                progress)
            .train(
                input.data().vectors().training(),
                input.data().vectors().validation(),
                input.data().targets());
    return stage.isEmpty() || head.cancelled()
        ? FineTuneOutcome.without(head)
        : stage.get().run(head, input.data(), events, progress);
  }

  private FineTuneStage prepare(FineTuneRequest tuning) {
    FineTuneSettings settings = tuning.settings();
    return FineTuneStage.prepare(
        (ImageSource) input.source(),
        settings.withCheckpoint(settings.checkpointInterval(), Files.exists(checkpoint)),
        run.training().classWeights(),
        input.publisher(),
        checkpoint);
  }
}
