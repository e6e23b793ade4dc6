package dev.retrain.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.fetch.Sources;
import dev.retrain.job.Outputs;
import dev.retrain.job.SweepJob;
import dev.retrain.job.SweepReport;
import dev.retrain.job.SweepRun;
import dev.retrain.model.ModelDescription.Versions;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code retrain sweep}. */
@Command(
    name = "sweep",
    header = "Train with many settings, and keep the best.",
    description =
        "%nTakes a list of values for every option of the training, such as --lr 0.1,0.01, and"
            + " trains with each combination, on all cores, on vectors that are computed once. The"
            + " setting with the highest validation accuracy, averaged over the seeds, wins; its"
            + " best run alone is tested, and written as train writes it. Interrupted, it keeps"
            + " what is finished, and goes on when it is started again.%n",
    footer = {
      "",
      "Example:",
      "  retrain sweep --lr 0.1,0.01 --decay-steps 50,65,80,100 --seed 1,2,3",
    },
    modelTransformer = LearningGrid.class)
public final class SweepCommand extends SourceCommand {
  @Mixin private ResultOptions results;

  /**
   * @param interruption the user's wish to stop
   * @param sources where published files come from
   */
  public SweepCommand(Interruption interruption, Sources sources) {
    super(interruption, sources);
  }

  @Override
  ExitCode run() throws IOException {
    SplitOptions split = split();
    List<SweepRun> runs = LearningGrid.runs(this);
    int testBatchSize = LearningGrid.testBatchSize(runs);
    if (testBatchSize < 1) {
      throw usage("test batch size must be at least 1, but is " + testBatchSize);
    }
    checkSource();
    Outputs outputs = results.outputs(this);
    loadTensorFlow();
    if (isDryRun()) {
      return dryRun();
    }
    SweepReport report =
        new SweepJob(
                source(), split, runs, testBatchSize, outputs, optionsInForce(), Versions.current())
            .run(progress());
    print(new SweepResultPrinter(report), new TrainResultPrinter(report.model(), outputs));
    return ExitCode.OK;
  }

  private void print(SweepResultPrinter sweep, TrainResultPrinter model) throws IOException {
    if (json()) {
      ObjectNode node = sweep.json();
      ObjectNode winner = model.json();
      if (results.printMisclassified()) {
        winner.set("misclassified", model.misclassified());
      }
      node.set("model", winner);
      printJson(node);
    } else {
      sweep.print(out());
      model.print(out());
      if (results.printMisclassified()) {
        model.printMisclassified(out());
      }
      out().flush();
    }
  }
}
