package dev.retrain.model.export;

import com.google.protobuf.Any;
import dev.retrain.backbone.graph.DeterministicProto;
import dev.retrain.model.ModelBundle;
import dev.retrain.util.Json;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.AtomicDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/** Writes a model as a TensorFlow SavedModel. */
public final class SavedModelWriter {
  /** The file that makes a directory a SavedModel. */
  private static final String FILE = "saved_model.pb";

  /** The entries that TensorFlow and its tools create in such a directory. */
  private static final Set<String> ENTRIES =
      Set.of(
          FILE,
          "saved_model.pbtxt",
          "variables",
          "assets",
          "assets.extra",
          "debug",
          "fingerprint.pb",
          "keras_metadata.pb",
          // Created by file managers, like hidden files.
          "Thumbs.db",
          "desktop.ini");

  private static final int SCHEMA = 1;
  private static final String SERVE = "serve";
  private static final String LABELS = "labels.txt";
  private static final String ASSETS = "saved_model_assets";

  private SavedModelWriter() {}

  /**
   * A signature of a SavedModel.
   *
   * @param name the signature's name
   * @param input the name of its only input
   * @param type the input's type: {@code string} (content of files) or {@code float}
   * @param shape the input's shape; -1 for any size
   */
  public record Signature(String name, String input, String type, List<Long> shape) {
    public Signature {
      shape = List.copyOf(shape);
    }

    private static Signature from(String name, SignatureDef definition) {
      String input = definition.getInputsMap().keySet().iterator().next();
      TensorInfo info = definition.getInputsOrThrow(input);
      return new Signature(
          name,
          input,
          info.getDtype().name().replace("DT_", "").toLowerCase(Locale.ROOT),
          info.getTensorShape().getDimList().stream().map(TensorShapeProto.Dim::getSize).toList());
    }
  }

  /**
   * Whether a directory is a SavedModel.
   *
   * @param directory any path
   */
  public static boolean isSavedModel(Path directory) {
    return Files.isRegularFile(directory.resolve(FILE));
  }

  /**
   * Writes the directory atomically.
   *
   * @param model the model
   * @param directory the directory; an existing SavedModel is replaced
   * @return its signatures without aliases, the default one first
   * @throws RetrainException if the directory holds anything else
   * @throws IOException if it can't be written
   */
  public static List<Signature> write(ModelBundle model, Path directory) throws IOException {
    checkReplaceable(directory);
    ServingGraph graph = ServingGraph.build(model, LABELS);
    AtomicDirectory.write(
        directory,
        part -> {
          Path assets = Files.createDirectory(part.resolve("assets"));
          Files.writeString(assets.resolve(LABELS), model.metadata().labelLines());
          // TensorFlow's place for files of other programs.
          Path extra = Files.createDirectory(part.resolve("assets.extra"));
          Json.mapper()
              .writerWithDefaultPrettyPrinter()
              .writeValue(extra.resolve("retrain.json").toFile(), model.metadata());
          // Empty, but required by servers of TensorFlow 1.
          Files.createDirectory(part.resolve("variables"));
          Files.write(part.resolve(FILE), DeterministicProto.serialize(savedModel(graph)));
        });
    return graph.signatures().entrySet().stream()
        .filter(signature -> !signature.getKey().equals(ServingGraph.IMAGES_ALIAS))
        .map(signature -> Signature.from(signature.getKey(), signature.getValue()))
        .sorted(Comparator.comparing(signature -> !signature.name().equals(ServingGraph.DEFAULT)))
        .toList();
  }

  private static void checkReplaceable(Path directory) throws IOException {
    if (isSavedModel(directory)) {
      checkNothingElse(directory);
      return;
    }
    boolean empty =
        !Files.exists(directory)
            || (Files.isDirectory(directory) && PathUtils.isEmptyDirectory(directory));
    if (!empty) {
      throw new RetrainException(
          "%s exists and is not a SavedModel; choose another directory.", directory);
    }
  }

  private static void checkNothingElse(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      Optional<String> other =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !ENTRIES.contains(name) && !name.startsWith("."))
              .sorted()
              .findFirst();
      if (other.isPresent()) {
        throw new RetrainException(
            "%s contains '%s' besides its SavedModel, which would be deleted; move it, or choose"
                + " another directory.",
            directory, other.get());
      }
    }
  }

  private static SavedModel savedModel(ServingGraph graph) {
    AssetFileDef labels =
        AssetFileDef.newBuilder().setTensorInfo(graph.labelsFile()).setFilename(LABELS).build();
    MetaGraphDef.Builder meta = MetaGraphDef.newBuilder();
    meta.getMetaInfoDefBuilder().addTags(SERVE).setTensorflowVersion(TensorFlow.version());
    meta.setGraphDef(graph.definition())
        .putAllSignatureDef(graph.signatures())
        .addAssetFileDef(labels)
        // Read by TensorFlow 1.
        .putCollectionDef(
            ASSETS,
            CollectionDef.newBuilder()
                .setAnyList(CollectionDef.AnyList.newBuilder().addValue(Any.pack(labels)))
                .build());
    return SavedModel.newBuilder().setSavedModelSchemaVersion(SCHEMA).addMetaGraphs(meta).build();
  }
}
