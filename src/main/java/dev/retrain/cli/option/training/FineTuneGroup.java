package dev.retrain.cli.option.training;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Fine-tuning: which layers, at which size, for how long. */
final class FineTuneGroup {
  enum Schedule {
    COSINE,
    ONE_CYCLE,
    CONSTANT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  enum OptimizerName {
    ADAMW,
    SGD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = FineTuneOptionsMixin.FINE_TUNE,
      description =
          "After the softmax layer, also train the layers of the backbone on the images:"
              + " usually much more accurate, but takes minutes to hours instead of seconds."
              + " If it does not improve the validation accuracy, the model keeps the backbone"
              + " as it was.")
  Boolean fineTune;

  @Option(
      names = "--fine-tune-layers",
      paramLabel = "LAYERS",
      description =
          "The layers that are trained: all, or a number of blocks from the end. Default: the last"
              + " three quarters of the blocks.")
  String layers;

  @Option(
      names = "--fine-tune-from",
      paramLabel = "TENSOR",
      description =
          "Train the layers after this tensor of the graph, instead of --fine-tune-layers.")
  String from;

  @Option(
      names = "--train-size",
      paramLabel = "N",
      description =
          "Height of the images in pixels, at most the backbone's own; the model also"
              + " predicts at this size. Default: four times the shorter side of the median"
              + " image, rounded up to a multiple of 32, at most the backbone's own.")
  Integer trainSize;

  @Option(
      names = "--distort",
      paramLabel = "KIND[=N]",
      split = ",",
      description =
          "Random distortions of each training image in each epoch, such as"
              + " flip,shift=0.125,rotation=10 or randaugment=2,9; none for no distortion. Default:"
              + " flip,shift=0.125.")
  List<String> distort;

  @Option(
      names = "--fine-tune-epochs",
      paramLabel = "N",
      description =
          "Passes over the training images. Default: from 30 for 500 images or fewer to 7 for 45,000 or"
              + " more.")
  Integer epochs;

  @Option(
      names = "--fine-tune-lr",
      paramLabel = "RATE",
      description =
          "Largest learning rate. Default: 0.002 for updates with 128 images or more, less for fewer.")
  Double learningRate;

  @Option(
      names = "--fine-tune-batch-size",
      paramLabel = "N",
      description = "Images per batch. Default: 128.")
  Integer batchSize;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      description =
          "Gradient accumulation: batches per update, for batches that don't fit into"
              + " memory as one. Default: 1.")
  Integer accumulate;

  @Option(
      names = "--fine-tune-schedule",
      paramLabel = "SCHEDULE",
      description = "Learning-rate schedule: cosine, one-cycle or constant. Default: cosine.")
  Schedule schedule;

  @Option(
      names = "--fine-tune-warmup",
      paramLabel = "N",
      description =
          "Warm-up: number of updates during which the learning rate rises; at most a"
              + " fifth of all updates. Default: 200.")
  Integer warmup;

  @Option(
      names = "--fine-tune-optimizer",
      paramLabel = "OPTIMIZER",
      description =
          "The optimizer: adamw, or sgd with Nesterov momentum. Default:" + " ${DEFAULT-VALUE}.")
  OptimizerName optimizer = OptimizerName.ADAMW;

  @Option(
      names = "--fine-tune-momentum",
      paramLabel = "FRACTION",
      description = "Momentum of --fine-tune-optimizer sgd. Default: 0.9.")
  Double momentum;

  @Option(
      names = "--fine-tune-weight-decay",
      paramLabel = "STRENGTH",
      description =
          "Decoupled weight decay of convolutions and dense layers, times the learning rate. Default:"
              + " 0.0001.")
  Double weightDecay;

  @Option(
      names = "--fine-tune-label-smoothing",
      paramLabel = "FRACTION",
      description = "Share of each label that is spread over all classes. Default: 0.1.")
  Double labelSmoothing;

  @Option(
      names = "--fine-tune-average-decay",
      paramLabel = "FRACTION",
      description =
          "Decay of the exponential moving average (EMA) of the weights, which is evaluated and saved; 0"
              + " uses the last weights. Default: 0.")
  Double averageDecay;

  @Option(
      names = "--clip-norm",
      paramLabel = "NORM",
      description = "Clip the gradients to this global norm; 0 for no clipping. Default: 0.")
  Double clipNorm;

  @Option(
      names = "--layer-decay",
      paramLabel = "FACTOR",
      description =
          "Layer-wise learning-rate decay: the learning rate of a layer is that of the"
              + " next layer times this factor. Default: 1.")
  Double layerDecay;

  @Option(
      names = "--fine-tune-early-stop",
      paramLabel = "N",
      description =
          "Early stopping: stop after N epochs without a better validation accuracy. Default: off.")
  Integer earlyStop;

  @Option(
      names = "--checkpoint-minutes",
      paramLabel = "MINUTES",
      description = "Time between checkpoints, from which --resume continues. Default: 5.")
  Double checkpointMinutes;

  @Option(
      names = "--resume",
      description =
          "Continue an interrupted fine-tuning from its checkpoint beside the output"
              + " graph, with the same options; the result is the same as without the"
              + " interruption.")
  boolean resume;
}
