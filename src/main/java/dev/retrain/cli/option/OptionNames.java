package dev.retrain.cli.option;

import dev.retrain.util.Setting;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** The command-line option for each setting of the library. */
public final class OptionNames {
  private OptionNames() {}

  /**
   * How a command's messages name a setting: by its option, or in plain words if the command has no
   * such option.
   */
  public static Function<Setting, String> of(CommandSpec command) {
    return setting -> {
      String name = of(setting);
      if (!name.startsWith("--") || command.findOption(name) != null) {
        return name;
      }
      // The remedy for a network that can't be read is an option of another command.
      return setting == Setting.GRAPH || setting == Setting.SAVED_MODEL
          ? name + " of 'retrain train'"
          : setting.phrase();
    };
  }

  /** The option's name, such as {@code --lr}. */
  public static String of(Setting setting) {
    return switch (setting) {
      case LEARNING_RATE -> "--lr";
      case DECAY_STEPS -> "--decay-steps";
      case DECAY_RATE -> "--decay-rate";
      case SCHEDULE -> "--schedule";
      case OPTIMIZER -> "--optimizer";
      case MOMENTUM -> "--momentum";
      case WEIGHT_DECAY -> "--weight-decay";
      case L2 -> "--l2";
      case LABEL_SMOOTHING -> "--label-smoothing";
      case DROPOUT -> "--dropout";
      case HIDDEN_UNITS -> "--hidden-units";
      case MOVING_AVERAGE_DECAY -> "--average-decay";
      case STANDARDIZATION -> "--no-standardize";
      case ITERATIONS -> "--iterations";
      case EPOCHS -> "--epochs";
      case CLASS_WEIGHTS -> "--class-weights";
      case FINE_TUNE_LAYERS -> "--fine-tune-layers";
      case TRAIN_SIZE -> "--train-size";
      case MULTI_LABEL -> "--multi-label";
      case EARLY_STOPPING -> "--early-stop";
      case BATCH_SIZE -> "--train-batch-size";
      case VALIDATION_BATCH_SIZE -> "--validation-batch-size";
      case TEST_BATCH_SIZE -> "--test-batch-size";
      case EVALUATION_INTERVAL -> "--eval-step-interval";
      case HISTOGRAM_INTERVAL -> "--histogram-interval";
      case SEED -> "--seed";
      case TESTING_PERCENTAGE -> "--testing-percentage";
      case VALIDATION_PERCENTAGE -> "--validation-percentage";
      case TEST_FILES -> "--test-files";
      case AUGMENT -> "--augment";
      case FLIP_LEFT_RIGHT -> "--flip-left-right";
      case RANDOM_CROP -> "--random-crop";
      case RANDOM_SCALE -> "--random-scale";
      case RANDOM_BRIGHTNESS -> "--random-brightness";
      case RANDOM_ROTATION -> "--random-rotation";
      case DISTORTIONS -> "--distort";
      case ROTATION -> "--rotation";
      case WIDTH_SHIFT -> "--width-shift";
      case HEIGHT_SHIFT -> "--height-shift";
      case SHEAR -> "--shear";
      case ZOOM -> "--zoom";
      case IMAGES_PER_CLASS -> "--per-class";
      case IMAGE_DIRECTORY -> "--image-dir";
      case MANIFEST -> "--manifest";
      case PATH_COLUMN -> "--path-column";
      case LABEL_COLUMN -> "--label-column";
      case SPLIT_COLUMN -> "--split-column";
      case GROUP_COLUMN -> "--group-column";
      case WEIGHT_COLUMN -> "--weight-column";
      case SPLIT_FOLDERS -> "--split-folders";
      case GROUP_BY -> "--group-by";
      case EXCLUDE -> "--exclude";
      case CLASSES -> "--classes";
      case MAX_PER_CLASS -> "--max-per-class";
      case VECTOR_DIRECTORY -> "--vectors";
      case ARCHITECTURE -> "--architecture";
      case STRICT -> "--strict";
      case BACKBONE -> "--backbone";
      case GRAPH -> "--graph";
      case SAVED_MODEL -> "--saved-model";
      case SIGNATURE -> "--signature";
      case TRUST_GRAPH -> "--trust-graph";
      case MODEL_DIRECTORY -> "--model-dir";
      case INPUT -> "--input";
      case BOTTLENECK_TENSOR -> "--bottleneck";
      case SIZE -> "--size";
      case MEAN -> "--mean";
      case STD -> "--std";
      case RANGE -> "--range";
      case CHANNELS -> "--channels";
      case RESIZE -> "--resize";
      case FEATURES -> "--features";
      case FLIP_AVERAGING -> "--mirror";
      case JPEG_SCALE -> "--jpeg-scale";
      case MAX_PIXELS -> "--max-pixels";
      case PRECISION -> "--precision";
      case NO_OPTIMIZE -> "--no-optimize";
      case CACHE_DIRECTORY -> "--bottleneck-dir";
      case LOG_DIRECTORY -> "--summaries-dir";
      case LABELS -> "--labels";
      case OUTPUT_TENSOR -> "--output-layer";
      case OUTPUT_GRAPH -> "--output-graph";
      case FINAL_TENSOR_NAME -> "--final-tensor-name";
      case EVALUATED_SET -> "--partition";
      case MAX_IMAGES -> "--max-images";
      case TOP -> "--top";
      case CONTACT_SHEET_IMAGE -> "--image";
      case DATA_DIRECTORY -> "--data-dir";
      case BACKBONE_ARCHIVE -> "'retrain models fetch --archive'";
      case BACKBONE_URL -> "'retrain models fetch --url'";
      case ARCHIVE -> "--archive";
      case URL -> "--url";
      case SHA256 -> "--sha256";
      case FORCE -> "--force";
      case FINE_TUNE_EPOCHS -> "--fine-tune-epochs";
      case FINE_TUNE_BATCH_SIZE -> "--fine-tune-batch-size";
      case FINE_TUNE_ACCUMULATE -> "--accumulate";
      case FINE_TUNE_LEARNING_RATE -> "--fine-tune-lr";
      case FINE_TUNE_WARMUP -> "--fine-tune-warmup";
      case FINE_TUNE_MOMENTUM -> "--fine-tune-momentum";
      case FINE_TUNE_WEIGHT_DECAY -> "--fine-tune-weight-decay";
      case FINE_TUNE_LABEL_SMOOTHING -> "--fine-tune-label-smoothing";
      case FINE_TUNE_AVERAGE_DECAY -> "--fine-tune-average-decay";
      case FINE_TUNE_EARLY_STOPPING -> "--fine-tune-early-stop";
      case CLIP_NORM -> "--clip-norm";
      case LAYER_DECAY -> "--layer-decay";
      case DRY_RUN -> "--dry-run";
      case FINE_TUNE -> "--fine-tune";
      case FINE_TUNE_FROM -> "--fine-tune-from";
    };
  }
}
