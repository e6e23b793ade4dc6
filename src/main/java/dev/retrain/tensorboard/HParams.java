package dev.retrain.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.google.protobuf.Value;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.DataClass;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Summary;
import org.tensorflow.proto.SummaryMetadata;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * The summaries of TensorBoard's HParams page. A run is called a session there: one summary has its
 * hyperparameters, another its status; its metrics are read from its scalars.
 *
 * <p>Values are given as text: a finite number becomes a number, {@code true} and {@code false}
 * become booleans, everything else is a string.
 *
 * <p>Source of the field numbers: TensorBoard's {@code plugins/hparams/api.proto} and {@code
 * plugin_data.proto}, for which there is no Java library.
 */
public final class HParams {
  private static final String PLUGIN = "hparams";

  /** The tensor of a summary; TensorBoard ignores values without a tensor. */
  private static final TensorProto PLACEHOLDER =
      TensorProto.newBuilder()
          .setDtype(DataType.DT_FLOAT)
          .setTensorShape(TensorShapeProto.getDefaultInstance())
          .addFloatVal(0)
          .build();

  private HParams() {}

  /** The status of a finished session. */
  public enum Status {
    /** It completed. */
    SUCCESS(1),
    /** It failed. */
    FAILURE(2);

    private final int number;

    Status(int number) {
      this.number = number;
    }
  }

  /**
   * A metric by which sessions are compared.
   *
   * @param tag tag of a scalar in the session's log directory
   * @param title displayed name
   */
  public record Metric(String tag, String title) {}

  /**
   * The summary of a sweep, for step 0 of an event file in the sweep's log directory.
   *
   * @param domains all values of each hyperparameter
   * @param metrics the metrics by which runs are compared
   * @param created start time of the sweep
   */
  public static Summary experiment(
      Map<String, ? extends Collection<String>> domains, List<Metric> metrics, Instant created) {
    UnknownFieldSet.Builder experiment =
        UnknownFieldSet.newBuilder().addField(3, number(seconds(created)));
    domains.forEach((name, values) -> experiment.mergeField(4, message(parameter(name, values))));
    metrics.forEach(metric -> experiment.mergeField(5, message(metric(metric))));
    return summary("experiment", 2, experiment);
  }

  /**
   * The summary of a run's hyperparameters, for step 0 of the run's event file.
   *
   * @param values the value of each hyperparameter
   * @param started start time of the run
   */
  public static Summary start(Map<String, String> values, Instant started) {
    UnknownFieldSet.Builder session = UnknownFieldSet.newBuilder();
    values.forEach(
        (name, value) ->
            session.mergeField(
                1,
                message(
                    UnknownFieldSet.newBuilder()
                        .addField(1, text(name))
                        .addField(2, bytes(value(value).toByteString())))));
    return summary("session_start_info", 3, session.addField(5, number(seconds(started))));
  }

  /**
   * The summary of a run's end, for step 0 of the run's event file.
   *
   * @param status the run's status
   * @param ended end time of the run
   */
  public static Summary end(Status status, Instant ended) {
    return summary(
        "session_end_info",
        4,
        UnknownFieldSet.newBuilder()
            .addField(1, choice(status.number))
            .addField(2, number(seconds(ended))));
  }

  private static UnknownFieldSet.Builder parameter(String name, Collection<String> texts) {
    List<Value> values = texts.stream().map(HParams::value).toList();
    return UnknownFieldSet.newBuilder()
        .addField(1, text(name))
        .addField(4, choice(type(values)))
        .addField(5, bytes(ListValue.newBuilder().addAllValues(values).build().toByteString()));
  }

  private static int type(List<Value> values) {
    Set<Value.KindCase> kinds = values.stream().map(Value::getKindCase).collect(Collectors.toSet());
    if (kinds.equals(Set.of(Value.KindCase.NUMBER_VALUE))) {
      return 3;
    }
    return kinds.equals(Set.of(Value.KindCase.BOOL_VALUE)) ? 2 : 1;
  }

  private static UnknownFieldSet.Builder metric(Metric metric) {
    UnknownFieldSet.Builder name = UnknownFieldSet.newBuilder().addField(2, text(metric.tag()));
    return UnknownFieldSet.newBuilder()
        .addField(1, message(name))
        .addField(3, text(metric.title()));
  }

  private static Value value(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Value.newBuilder().setBoolValue(text.equals("true")).build();
    }
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return Value.newBuilder().setNumberValue(number).build();
      }
    } catch (NumberFormatException ignored) {
      // The value is a string.
    }
    return Value.newBuilder().setStringValue(text).build();
  }

  private static double seconds(Instant instant) {
    return instant.toEpochMilli() / 1000.0;
  }

  private static Summary summary(String kind, int field, UnknownFieldSet.Builder content) {
    ByteString data =
        UnknownFieldSet.newBuilder().addField(field, message(content)).build().toByteString();
    SummaryMetadata metadata =
        SummaryMetadata.newBuilder()
            .setPluginData(
                SummaryMetadata.PluginData.newBuilder().setPluginName(PLUGIN).setContent(data))
            .setDataClass(DataClass.DATA_CLASS_TENSOR)
            .build();
    return Summary.newBuilder()
        .addValue(
            Summary.Value.newBuilder()
                .setTag("_hparams_/" + kind)
                .setMetadata(metadata)
                .setTensor(PLACEHOLDER))
        .build();
  }

  private static Field message(UnknownFieldSet.Builder message) {
    return bytes(message.build().toByteString());
  }

  private static Field text(String text) {
    return bytes(ByteString.copyFromUtf8(text));
  }

  private static Field bytes(ByteString bytes) {
    return Field.newBuilder().addLengthDelimited(bytes).build();
  }

  private static Field number(double value) {
    return Field.newBuilder().addFixed64(Double.doubleToRawLongBits(value)).build();
  }

  private static Field choice(int number) {
    return Field.newBuilder().addVarint(number).build();
  }
}
