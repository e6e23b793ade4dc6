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
 * The summaries that TensorBoard's page of hyper-parameters is made of. A run is a session there:
 * one summary says what it was given, another how it ended; what it came to is read from its
 * scalars.
 *
 * <p>Values are texts, as the command line has them: what reads as a number is one, {@code true}
 * and {@code false} are logical, all else stays text.
 *
 * <p>Source of the fields' numbers: TensorBoard's {@code plugins/hparams/api.proto} and {@code
 * plugin_data.proto}, which are in no Java library.
 */
public final class HParams {
  private static final String PLUGIN = "hparams";

  /** What stands in a summary's tensor: TensorBoard passes over values without one. */
  private static final TensorProto NOTHING =
      TensorProto.newBuilder()
          .setDtype(DataType.DT_FLOAT)
          .setTensorShape(TensorShapeProto.getDefaultInstance())
          .addFloatVal(0)
          .build();

  private HParams() {}

  /** How a session ended. */
  public enum Status {
    /** To its end. */
    SUCCESS(1),
    /** Without a result. */
    FAILURE(2);

    private final int number;

    Status(int number) {
      this.number = number;
    }
  }

  /**
   * A figure that sessions are compared by.
   *
   * @param tag the scalar's, in the session's own run
   * @param title what it is called
   */
  public record Metric(String tag, String title) {}

  /**
   * What a directory of runs tries; goes into an event file of that directory itself.
   *
   * @param domains each hyper-parameter with all its values
   * @param metrics what runs are compared by
   * @param created when it was started
   * @return the summary, for step 0
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
   * What a run is given; goes into the run's event file.
   *
   * @param values each hyper-parameter's
   * @param started when
   * @return the summary, for step 0
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
   * How a run ended; goes into the same file.
   *
   * @param status how
   * @param ended when
   * @return the summary, for step 0
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
      // Then it is text.
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
                .setTensor(NOTHING))
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
