package dev.retrain.cli.option.backbone;

import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.cli.process.RunTimeout;
import dev.retrain.image.ResizeMode;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of a backbone of the registry. */
final class BackboneGroup {
  @Option(
      names = {"-b", "--backbone"},
      paramLabel = "BACKBONE",
      completionCandidates = BackboneCandidates.class,
      description =
          "The pretrained network: scattering (included in the jar), inception_v3,"
              + " mobilenet_v1_<1.0|0.75|0.50|0.25>_<224|192|160|128>, or another one that 'retrain"
              + " models' lists; or a path like that of --saved-model."
              + " Default: ${DEFAULT-VALUE}.")
  String name = BackboneRegistry.DEFAULT;

  @Option(
      names = "--features",
      paramLabel = "SET",
      description =
          "The layers that make up the feature vector: last (the pooled output), multi (several"
              + " layers, averaged over their positions and concatenated) or grid (the same,"
              + " averaged over each quarter of the image). Default: ${DEFAULT-VALUE}.")
  FeatureSet features = FeatureSet.LAST;

  @Option(
      names = {"--mirror", "--flip-tta"},
      description =
          "Test-time augmentation: average the vector of each image with that of the horizontally"
              + " flipped image. More accurate, but doubles the computation.")
  boolean flipAveraging;

  @Option(
      names = "--resize",
      paramLabel = "MODE",
      description =
          "How images get the backbone's size: stretch (the whole image, which changes its aspect"
              + " ratio), crop (the center) or pad (the whole image on black). Default: stretch.")
  ResizeMode resize;

  @Option(
      names = "--trust-graph",
      description =
          "Run the backbone's graph even if it contains ops that are refused otherwise, because"
              + " they can read and write files, never end or do other harm. Only for graphs whose"
              + " source you trust.")
  boolean trustGraph;

  /** Takes effect before the command runs. */
  @Option(
      names = RunTimeout.OPTION,
      paramLabel = "SECONDS",
      description =
          "End the command if the backbone's graph doesn't compute a batch within this time; 0 for no"
              + " limit. Default: ${DEFAULT-VALUE}.")
  int runTimeout = RunTimeout.DEFAULT;

  @Option(
      names = "--model-dir",
      paramLabel = "DIR",
      description =
          "The directory of the backbones; missing ones are downloaded to it. Default:"
              + " ${DEFAULT-VALUE}.")
  Path modelDir = Path.of("tmp/imagenet");
}
