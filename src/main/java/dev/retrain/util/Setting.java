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
  LEARNING_RATE("the learning rate"),
  DECAY_STEPS("the decay steps"),
  DECAY_RATE("the decay rate"),
  SCHEDULE("the learning-rate schedule"),
  OPTIMIZER("the optimizer"),
  MOMENTUM("the momentum"),
  WEIGHT_DECAY("the weight decay"),
  L2("the L2 penalty"),
  LABEL_SMOOTHING("the label smoothing"),
  DROPOUT("the dropout"),
  HIDDEN_UNITS("the hidden units"),
  MOVING_AVERAGE_DECAY("the moving-average decay"),
  STANDARDIZATION("standardization"),
  ITERATIONS("the iterations"),
  EPOCHS("the epochs"),
  CLASS_WEIGHTS("the class weights"),
  FINE_TUNE_LAYERS("the fine-tuned layers"),
  MULTI_LABEL("several labels per image"),
  EARLY_STOPPING("the early-stopping patience"),
  BATCH_SIZE("the batch size"),
  VALIDATION_BATCH_SIZE("the validation batch size"),
  TEST_BATCH_SIZE("the test batch size"),
  EVALUATION_INTERVAL("the evaluation interval"),
  HISTOGRAM_INTERVAL("the histogram interval"),
  SEED("the seed"),
  TESTING_PERCENTAGE("the testing percentage"),
  VALIDATION_PERCENTAGE("the validation percentage"),
  TEST_FILES("the test file pattern"),
  AUGMENT("the number of variants"),
  FLIP_LEFT_RIGHT("the horizontal flip"),
  RANDOM_CROP("the random crop"),
  RANDOM_SCALE("the random scale"),
  RANDOM_BRIGHTNESS("the random brightness"),
  RANDOM_ROTATION("the random rotation"),
  /** The distortions of training images during fine-tuning. */
  DISTORTIONS("the list of distortions"),
  ROTATION("the rotation"),
  WIDTH_SHIFT("the width shift"),
  HEIGHT_SHIFT("the height shift"),
  SHEAR("the shear"),
  ZOOM("the zoom"),
  IMAGES_PER_CLASS("the number of images per class"),
  IMAGE_DIRECTORY("the image directory"),
  MANIFEST("the manifest"),
  PATH_COLUMN("the path column"),
  LABEL_COLUMN("the label column"),
  SPLIT_COLUMN("the split column"),
  GROUP_COLUMN("the group column"),
  WEIGHT_COLUMN("the weight column"),
  SPLIT_FOLDERS("the use of split folders"),
  GROUP_BY("the group pattern"),
  EXCLUDE("the list of excluded images"),
  CLASSES("the selection of classes"),
  MAX_PER_CLASS("the maximum number of images per class"),
  VECTOR_DIRECTORY("the vector directory"),
  ARCHITECTURE("the architecture"),
  STRICT("strict mode"),
  BACKBONE("the backbone"),
  GRAPH("the graph file"),
  SAVED_MODEL("the SavedModel"),
  SIGNATURE("the signature"),
  TRUST_GRAPH("trust in the graph"),
  MODEL_DIRECTORY("the backbone directory"),
  INPUT("the input tensor"),
  BOTTLENECK_TENSOR("the bottleneck tensor"),
  SIZE("the image size"),
  MEAN("the mean"),
  STD("the standard deviation"),
  RANGE("the range of values"),
  CHANNELS("the order of the channels"),
  RESIZE("the resize mode"),
  FEATURES("the feature set"),
  FLIP_AVERAGING("flip averaging"),
  JPEG_SCALE("the JPEG scale"),
  MAX_PIXELS("the pixel limit"),
  PRECISION("the precision"),
  NO_OPTIMIZE("disabled graph optimization"),
  CACHE_DIRECTORY("the cache directory"),
  LOG_DIRECTORY("the log directory"),
  LABELS("the labels file"),
  OUTPUT_TENSOR("the output tensor"),
  OUTPUT_GRAPH("the output graph"),
  FINE_TUNE("fine-tuning"),
  FINE_TUNE_FROM("the tensor before the trained layers"),
  TRAIN_SIZE("the training size"),
  FINAL_TENSOR_NAME("the name of the final tensor"),
  EVALUATED_SET("the evaluated set"),
  MAX_IMAGES("the number of images in a report"),
  TOP("the number of predictions per image"),
  CONTACT_SHEET_IMAGE("the image of the contact sheet"),
  DATA_DIRECTORY("the data directory"),
  ARCHIVE("an archive file"),
  /** A local archive of a backbone, in place of the published one. */
  BACKBONE_ARCHIVE("a local archive"),
  /** The address of a backbone's archive, in place of the published one. */
  BACKBONE_URL("another address"),
  URL("a download address"),
  SHA256("the expected checksum"),
  FORCE("permission to overwrite"),
  DRY_RUN("a dry run"),
  FINE_TUNE_EPOCHS("the epochs of fine-tuning"),
  FINE_TUNE_BATCH_SIZE("the batch size of fine-tuning"),
  FINE_TUNE_ACCUMULATE("the number of batches per update"),
  FINE_TUNE_LEARNING_RATE("the learning rate of fine-tuning"),
  FINE_TUNE_WARMUP("the warm-up of fine-tuning"),
  FINE_TUNE_MOMENTUM("the momentum of fine-tuning"),
  FINE_TUNE_WEIGHT_DECAY("the weight decay of fine-tuning"),
  FINE_TUNE_LABEL_SMOOTHING("the label smoothing of fine-tuning"),
  FINE_TUNE_AVERAGE_DECAY("the moving-average decay of fine-tuning"),
  FINE_TUNE_EARLY_STOPPING("the early-stopping patience of fine-tuning"),
  CLIP_NORM("the largest gradient norm"),
  LAYER_DECAY("the layer decay");

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
