package dev.retrain.backbone.savedmodel.file;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.tensorflow.proto.SavedModel;

/**
 * The directory of a SavedModel.
 *
 * @param name what the user calls it, for messages
 * @param directory contains {@code saved_model.pb}
 */
public record SavedModelDirectory(String name, Path directory) {
  static final String MODEL = "saved_model.pb";
  static final String HUB = "tfhub_module.pb";
  static final String VARIABLES = "variables";

  /** Whether a directory contains a SavedModel. */
  public static boolean isSavedModel(Path directory) {
    return Files.isRegularFile(directory.resolve(MODEL));
  }

  /** Whether it is a module of TensorFlow Hub in the format of TensorFlow 1. */
  public boolean isHubModule() {
    return Files.exists(directory.resolve(HUB));
  }

  /** The checkpoint's path, without the ending of its files. */
  public Path checkpoint() {
    return directory.resolve(VARIABLES).resolve("variables");
  }

  /**
   * Reads the model.
   *
   * @throws RetrainException if there is none, or it is too large or damaged
   * @throws IOException if the file can't be read
   */
  public SavedModel read() throws IOException {
    Path file = directory.resolve(MODEL);
    if (!Files.isRegularFile(file)) {
      throw new RetrainException(
          "%s is not a SavedModel: it has no file %s.%s", name, MODEL, textFormatHint());
    }
    if (Files.size(file) > Integer.MAX_VALUE) {
      throw new RetrainException(
          "%s can't be used: its %s has %,d bytes, but at most 2 GiB can be read.",
          name, MODEL, Files.size(file));
    }
    try (InputStream in = Files.newInputStream(file)) {
      CodedInputStream coded = CodedInputStream.newInstance(in);
      coded.setSizeLimit(Integer.MAX_VALUE);
      SavedModel model = SavedModel.parseFrom(coded);
      if (model.getMetaGraphsCount() > 0) {
        return model;
      }
      throw damaged(null);
    } catch (InvalidProtocolBufferException e) {
      throw damaged(e);
    }
  }

  private String textFormatHint() {
    return Files.exists(directory.resolve("saved_model.pbtxt"))
        ? " Its saved_model.pbtxt is the text format; save the model in the binary format."
        : "";
  }

  private RetrainException damaged(IOException cause) {
    return new RetrainException(
        cause,
        "SavedModel %s is damaged: its %s holds no graph. Copy or export it again.",
        name,
        MODEL);
  }

  /**
   * SHA-256 of {@code saved_model.pb} and all files of {@code variables/}.
   *
   * @param details text that is part of what is hashed
   * @throws IOException if a file can't be read
   */
  public String sha256(String details) throws IOException {
    MessageDigest digest = Sha256.sha256();
    digest.update(details.getBytes(StandardCharsets.UTF_8));
    List<Path> files = new ArrayList<>(List.of(directory.resolve(MODEL)));
    Path variables = directory.resolve(VARIABLES);
    if (Files.isDirectory(variables)) {
      try (Stream<Path> children = Files.list(variables)) {
        children.filter(Files::isRegularFile).sorted().forEach(files::add);
      }
    }
    byte[] buffer = new byte[1 << 16];
    for (Path file : files) {
      String header = String.format(Locale.ROOT, "\n%s %d\n", file.getFileName(), Files.size(file));
      digest.update(header.getBytes(StandardCharsets.UTF_8));
      try (InputStream in = Files.newInputStream(file)) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
