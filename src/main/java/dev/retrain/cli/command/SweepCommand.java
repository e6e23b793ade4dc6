package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.option.ResultOptions;
import dev.retrain.cli.option.SweepGrid;
import dev.retrain.cli.output.PlotFiles;
import dev.retrain.cli.output.SweepResultPrinter;
import dev.retrain.cli.output.TrainResultPrinter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.sweep.SweepJob;
import dev.retrain.job.sweep.SweepResult;
import dev.retrain.job.sweep.SweepRun;
import java.io.IOException;
import java.nio.file.Path;
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
    modelTransformer = SweepGrid.class)
public final class SweepCommand extends TrainingCommand {
  @Mixin private ResultOptions results;

  /**
   * @param interruption the user's wish to stop
   * @param sources where published files come from
   */
  public SweepCommand(Interruption interruption, DownloadSources sources) {
    super(interruption, sources);
  }

  @Override
  public ExitCode run() throws IOException {
    SplitOptions split = split();
    List<SweepRun> runs = SweepGrid.runs(this);
    int testBatchSize = SweepGrid.testBatchSize(runs);
    if (testBatchSize < 1) {
      throw usage("test batch size must be at least 1, but is " + testBatchSize);
    }
    checkSource();
    TrainOutputs outputs = results.outputs(this);
    loadTensorFlow();
    if (isDryRun()) {
      return dryRun();
    }
    SweepResult report =
        SweepJob.builder(source(), runs, outputs)
            .split(split)
            .testBatchSize(testBatchSize)
            .options(optionsInForce())
            .build()
            .run(progress());
    List<Path> plots = PlotFiles.write(report.model().training(), outputs);
    print(new SweepResultPrinter(report), new TrainResultPrinter(report.model(), outputs, plots));
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
