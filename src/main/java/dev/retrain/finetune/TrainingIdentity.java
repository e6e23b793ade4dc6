package dev.retrain.finetune;

import com.google.protobuf.Message;
import dev.retrain.backbone.graph.DeterministicProto;
import dev.retrain.finetune.image.ImageTargets;
import dev.retrain.image.Preprocessing;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import dev.retrain.training.Objective;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** What the result of a training depends on, with a value each. */
final class TrainingIdentity {
  /** Digits of a checksum; enough to tell trainings apart, and short in a message. */
  private static final int DIGITS = 16;

  private TrainingIdentity() {}

  /**
   * @param given what else it depends on
   * @param head the head from which it starts
   */
  static Map<String, String> compute(Map<String, String> given, FineTuneInputs inputs, Head head) {
    Map<String, String> identity = new LinkedHashMap<>(given);
    identity.putAll(inputs.options().identity());
    identity.put("the preprocessing", preprocessing(inputs.preprocessing()));
    identity.put("the feature tensor", inputs.vector());
    identity.put("the checksum of the labels", labels(inputs.batches().targets()));
    identity.put("the checksum of the network", message(inputs.network().frozen()));
    identity.put("the checksum of the training graph", message(inputs.network().training()));
    identity.put("the checksum of the head", head(head));
    return identity;
  }

  private static String preprocessing(Preprocessing p) {
    return String.format(
        Locale.ROOT,
        "%d x %d pixels, %s, JPEG scale %d, %s",
        p.width(),
        p.height(),
        p.resize(),
        p.jpegScale(),
        p.normalization());
  }

  private static String labels(ImageTargets targets) {
    // An image may have any number of classes: each list has an end then.
    int[] end = targets.objective() == Objective.SINGLE_LABEL ? new int[0] : new int[] {-1};
    IntStream values =
        Arrays.stream(targets.labels())
            .flatMapToInt(labels -> IntStream.concat(IntStream.of(labels), IntStream.of(end)));
    int[] all = values.toArray();
    ByteBuffer bytes = ByteBuffer.allocate(all.length * Integer.BYTES);
    bytes.asIntBuffer().put(all);
    return Sha256.sha256(bytes.array()).substring(0, DIGITS);
  }

  private static String head(Head head) {
    MessageDigest digest = Sha256.sha256();
    digest.update(head.objective().metricName().getBytes(StandardCharsets.UTF_8));
    for (DenseWeights layer : head.layers()) {
      update(digest, layer.weights());
      update(digest, layer.biases());
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }

  private static void update(MessageDigest digest, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    digest.update(bytes.array());
  }

  private static String message(Message message) {
    try {
      return Sha256.sha256(DeterministicProto.serialize(message)).substring(0, DIGITS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
