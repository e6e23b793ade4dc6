package dev.retrain.model;

import com.google.protobuf.Any;
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

/** Writes a model as a TensorFlow SavedModel: a directory that its tools and servers take. */
public final class SavedModelWriter {
  /** The file that makes a directory a SavedModel. */
  private static final String FILE = "saved_model.pb";

  /** What TensorFlow and its tools put into such a directory. */
  private static final Set<String> PARTS =
      Set.of(
          FILE,
          "saved_model.pbtxt",
          "variables",
          "assets",
          "assets.extra",
          "debug",
          "fingerprint.pb",
          "keras_metadata.pb",
          // What file managers leave, beside hidden files.
          "Thumbs.db",
          "desktop.ini");

  private static final int SCHEMA = 1;
  private static final String SERVE = "serve";
  private static final String LABELS = "labels.txt";
  private static final String ASSETS = "saved_model_assets";

  private SavedModelWriter() {}

  /**
   * What can be asked of a SavedModel.
   *
   * @param name the signature's name
   * @param input the name of its one input
   * @param type what it takes: {@code string} (bytes of files) or {@code float}
   * @param shape the input's shape; -1 is any number
   */
  public record Signature(String name, String input, String type, List<Long> shape) {
    /** Copies the list. */
    public Signature {
      shape = List.copyOf(shape);
    }

    private static Signature of(String name, SignatureDef definition) {
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
   * Writes the directory, whole or not at all.
   *
   * @param model the model
   * @param directory where; a SavedModel that is there is replaced
   * @return its signatures, the one that is taken where none is named first
   * @throws RetrainException where something else is there
   * @throws IOException where it can't be written
   */
  public static List<Signature> write(ModelBundle model, Path directory) throws IOException {
    checkFree(directory);
    ServingGraph graph = ServingGraph.build(model, LABELS);
    AtomicDirectory.write(
        directory,
        part -> {
          Path assets = Files.createDirectory(part.resolve("assets"));
          Files.writeString(assets.resolve(LABELS), model.description().labelLines());
          // Where TensorFlow keeps what is not for it.
          Path extra = Files.createDirectory(part.resolve("assets.extra"));
          Json.mapper()
              .writerWithDefaultPrettyPrinter()
              .writeValue(extra.resolve("retrain.json").toFile(), model.description());
          // Empty, but servers of TensorFlow 1 look for it.
          Files.createDirectory(part.resolve("variables"));
          Files.write(part.resolve(FILE), DeterministicProto.serialize(savedModel(graph)));
        });
    return graph.signatures().entrySet().stream()
        .map(signature -> Signature.of(signature.getKey(), signature.getValue()))
        .sorted(Comparator.comparing(signature -> !signature.name().equals(ServingGraph.DEFAULT)))
        .toList();
  }

  private static void checkFree(Path directory) throws IOException {
    if (isSavedModel(directory)) {
      checkNothingElse(directory);
      return;
    }
    boolean free =
        !Files.exists(directory)
            || (Files.isDirectory(directory) && PathUtils.isEmptyDirectory(directory));
    if (!free) {
      throw new RetrainException(
          "%s is there and is no SavedModel, so it is left alone; name another directory."
              .formatted(directory));
    }
  }

  private static void checkNothingElse(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      Optional<String> other =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !PARTS.contains(name) && !name.startsWith("."))
              .sorted()
              .findFirst();
      if (other.isPresent()) {
        throw new RetrainException(
            "%s holds '%s' beside its SavedModel, which would be lost; move that, or name another"
                    .formatted(directory, other.get())
                + " directory.");
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
        // Where readers of TensorFlow 1 look for it.
        .putCollectionDef(
            ASSETS,
            CollectionDef.newBuilder()
                .setAnyList(CollectionDef.AnyList.newBuilder().addValue(Any.pack(labels)))
                .build());
    return SavedModel.newBuilder().setSavedModelSchemaVersion(SCHEMA).addMetaGraphs(meta).build();
  }
}
