package dev.retrain.util;

import java.util.Locale;

/**
 * A setting that a user of the library can change, independently of how it is set: a program sets
 * it in an options record, the command line by an option.
 *
 * <p>A {@link RetrainException} refers to settings, so that each kind of caller can render the name
 * that its users know.
 */
public enum Setting {
  /** The learning rate. */
  LEARNING_RATE("the learning rate"),
  /** The decay steps. */
  DECAY_STEPS("the decay steps"),
  /** The decay rate. */
  DECAY_RATE("the decay rate"),
  /** The learning-rate schedule. */
  SCHEDULE("the learning-rate schedule"),
  /** The optimizer. */
  OPTIMIZER("the optimizer"),
  /** The momentum. */
  MOMENTUM("the momentum"),
  /** The weight decay. */
  WEIGHT_DECAY("the weight decay"),
  /** The L2 penalty. */
  L2("the L2 penalty"),
  /** The label smoothing. */
  LABEL_SMOOTHING("the label smoothing"),
  /** The dropout. */
  DROPOUT("the dropout"),
  /** The hidden units. */
  HIDDEN_UNITS("the hidden units"),
  /** The moving-average decay. */
  MOVING_AVERAGE_DECAY("the moving-average decay"),
  /** Standardization. */
  STANDARDIZATION("standardization"),
  /** The iterations. */
  ITERATIONS("the iterations"),
  /** The epochs. */
  EPOCHS("the epochs"),
  /** The early-stopping patience. */
  EARLY_STOPPING("the early-stopping patience"),
  /** The batch size. */
  BATCH_SIZE("the batch size"),
  /** The validation batch size. */
  VALIDATION_BATCH_SIZE("the validation batch size"),
  /** The test batch size. */
  TEST_BATCH_SIZE("the test batch size"),
  /** The evaluation interval. */
  EVALUATION_INTERVAL("the evaluation interval"),
  /** The histogram interval. */
  HISTOGRAM_INTERVAL("the histogram interval"),
  /** The seed. */
  SEED("the seed"),
  /** The testing percentage. */
  TESTING_PERCENTAGE("the testing percentage"),
  /** The validation percentage. */
  VALIDATION_PERCENTAGE("the validation percentage"),
  /** The test file pattern. */
  TEST_FILES("the test file pattern"),
  /** The number of variants. */
  AUGMENT("the number of variants"),
  /** The horizontal flip. */
  FLIP_LEFT_RIGHT("the horizontal flip"),
  /** The random crop. */
  RANDOM_CROP("the random crop"),
  /** The random scale. */
  RANDOM_SCALE("the random scale"),
  /** The random brightness. */
  RANDOM_BRIGHTNESS("the random brightness"),
  /** The random rotation. */
  RANDOM_ROTATION("the random rotation"),
  /** The rotation. */
  ROTATION("the rotation"),
  /** The width shift. */
  WIDTH_SHIFT("the width shift"),
  /** The height shift. */
  HEIGHT_SHIFT("the height shift"),
  /** The shear. */
  SHEAR("the shear"),
  /** The zoom. */
  ZOOM("the zoom"),
  /** The number of images per class. */
  IMAGES_PER_CLASS("the number of images per class"),
  /** The image directory. */
  IMAGE_DIRECTORY("the image directory"),
  /** The vector directory. */
  VECTOR_DIRECTORY("the vector directory"),
  /** The architecture. */
  ARCHITECTURE("the architecture"),
  /** Strict mode. */
  STRICT("strict mode"),
  /** The backbone. */
  BACKBONE("the backbone"),
  /** The graph file. */
  GRAPH("the graph file"),
  /** Trust in the graph, whose ops are then not limited. */
  TRUST_GRAPH("trust in the graph"),
  /** The backbone directory. */
  MODEL_DIRECTORY("the backbone directory"),
  /** The input tensor. */
  INPUT("the input tensor"),
  /** The bottleneck tensor. */
  BOTTLENECK_TENSOR("the bottleneck tensor"),
  /** The image size. */
  SIZE("the image size"),
  /** The mean. */
  MEAN("the mean"),
  /** The standard deviation. */
  STD("the standard deviation"),
  /** The feature set. */
  FEATURES("the feature set"),
  /** Flip averaging. */
  FLIP_AVERAGING("flip averaging"),
  /** The JPEG scale. */
  JPEG_SCALE("the JPEG scale"),
  /** The precision. */
  PRECISION("the precision"),
  /** Disabled graph optimization. */
  NO_OPTIMIZE("disabled graph optimization"),
  /** The cache directory. */
  CACHE_DIRECTORY("the cache directory"),
  /** The log directory. */
  LOG_DIRECTORY("the log directory"),
  /** The output graph. */
  OUTPUT_GRAPH("the output graph"),
  /** The name of the final tensor. */
  FINAL_TENSOR_NAME("the name of the final tensor"),
  /** The evaluated set. */
  EVALUATED_SET("the evaluated set"),
  /** The number of images in a report. */
  MAX_IMAGES("the number of images in a report"),
  /** The number of predictions per image. */
  TOP("the number of predictions per image"),
  /** The image of the contact sheet. */
  CONTACT_SHEET_IMAGE("the image of the contact sheet"),
  /** The data directory. */
  DATA_DIRECTORY("the data directory"),
  /** An archive file. */
  ARCHIVE("an archive file"),
  /** A local archive of a backbone, in place of the published one. */
  BACKBONE_ARCHIVE("a local archive"),
  /** The address of a backbone's archive, in place of the published one. */
  BACKBONE_URL("another address"),
  /** A download address. */
  URL("a download address"),
  /** The expected checksum. */
  SHA256("the expected checksum"),
  /** Permission to overwrite. */
  FORCE("permission to overwrite"),
  /** A dry run. */
  DRY_RUN("a dry run");

  private final String phrase;

  Setting(String phrase) {
    this.phrase = phrase;
  }

  /** The setting in plain words, with its article: {@code the learning rate}. */
  public String phrase() {
    return phrase;
  }

  /** The setting in plain words at the start of a sentence: {@code The learning rate}. */
  public String subject() {
    return phrase.substring(0, 1).toUpperCase(Locale.ROOT) + phrase.substring(1);
  }

  @Override
  public String toString() {
    return phrase;
  }
}
