package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.option.ResultOptions;
import dev.retrain.cli.option.rule.OptionRule;
import dev.retrain.cli.option.training.FineTuneOptionsMixin;
import dev.retrain.cli.option.training.SweepGrid;
import dev.retrain.cli.option.training.SweepOptions;
import dev.retrain.cli.option.training.TrainingOptionsMixin;
import dev.retrain.cli.output.PlotFiles;
import dev.retrain.cli.output.SweepResultPrinter;
import dev.retrain.cli.output.TrainResultPrinter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.data.VectorSource;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.sweep.SweepJob;
import dev.retrain.job.sweep.SweepResult;
import dev.retrain.job.sweep.SweepRun;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code retrain sweep}. */
@Command(
    name = "sweep",
    header = "Train with many settings and keep the best model.",
    description =
        "%nAccepts a list of values for every training option, such as --lr 0.1,0.01, and trains"
            + " with each combination, on all cores, on vectors that are computed once for each size"
            + " of the images. The setting with the highest validation accuracy, averaged over the"
            + " seeds, wins. Only its best run is tested; its model is written as 'train' writes it."
            + " An interrupted sweep resumes when it is started again.%n",
    footer = {
      "",
      "Examples:",
      "  retrain sweep --lr 0.1,0.01 --decay-steps 50,65,80,100 --seed 1,2,3",
      "  retrain sweep --fine-tune --fine-tune-lr 0.001,0.002 --train-size 96,128",
    },
    modelTransformer = SweepOptions.class)
public final class SweepCommand extends TrainingCommand {
  @Mixin private ResultOptions results;

  /**
   * @param interruption requests to stop the command
   * @param sources where published files are downloaded from
   */
  public SweepCommand(Interruption interruption, DownloadSources sources) {
    super(interruption, sources);
  }

  @Override
  public List<OptionRule> rules() {
    return Stream.of(super.rules(), TrainingOptionsMixin.RULES, FineTuneOptionsMixin.RULES)
        .flatMap(List::stream)
        .toList();
  }

  @Override
  protected ExitCode run() throws IOException {
    SplitOptions split = split();
    SweepGrid grid = new SweepGrid(spec());
    checkSource();
    TrainOutputs outputs = results.outputs(isDryRun(), false, imagePath());
    loadTensorFlow();
    if (isDryRun()) {
      return dryRun(
          grid.runs().stream().map(run -> run.training().classWeights()).toList(),
          grid.runs().stream().flatMap(run -> run.fineTuning().stream()).findFirst());
    }
    List<VectorSource> sources = sources(grid.runs().stream().map(SweepRun::fineTuning).toList());
    Map<SweepRun, VectorSource> ofRuns = new HashMap<>();
    for (int i = 0; i < sources.size(); i++) {
      ofRuns.put(grid.runs().get(i), sources.get(i));
    }
    SweepResult report =
        SweepJob.builder(sources.get(0), grid.runs(), outputs)
            .sources(ofRuns::get)
            .split(split)
            .testBatchSize(grid.testBatchSize())
            .options(effectiveOptions())
            .build()
            .run(progress());
    PlotFiles plots = PlotFiles.write(report.model().training(), outputs);
    print(
        new SweepResultPrinter(report),
        new TrainResultPrinter(report.model(), outputs, plots.files()));
    plots.check();
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
      sweep.print(console());
      model.print(console());
      if (results.printMisclassified()) {
        model.printMisclassified(console());
      }
    }
  }
}
