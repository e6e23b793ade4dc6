package dev.retrain.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.retrain.tensorboard.HParams.Metric;
import dev.retrain.tensorboard.HParams.Status;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.Summary;

/** Against the bytes that TensorBoard's own classes give (plugins/hparams/plugin_data_pb2). */
class HParamsTest {
  private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_250L);

  private static void assertContent(Summary summary, String tag, String hex) {
    assertThat(summary.getValueList()).hasSize(1);
    Summary.Value value = summary.getValue(0);
    assertThat(value.getTag()).isEqualTo(tag);
    assertThat(value.getMetadata().getPluginData().getPluginName()).isEqualTo("hparams");
    ByteString content = value.getMetadata().getPluginData().getContent();
    assertThat(HexFormat.of().formatHex(content.toByteArray())).isEqualTo(hex);
    assertThat(value.hasTensor()).isTrue();
  }

  private static <T> Map<String, T> ordered(String a, T x, String b, T y, String c, T z) {
    Map<String, T> map = new LinkedHashMap<>();
    map.put(a, x);
    map.put(b, y);
    map.put(c, z);
    return map;
  }

  @Test
  void experimentHasDomainsAndMetrics() {
    assertContent(
        HParams.experiment(
            ordered(
                "lr", List.of("0.01", "0.1"),
                "raw", List.of("false", "true"),
                "schedule", List.of("cosine")),
            List.of(new Metric("accuracy", "validation accuracy")),
            TIME),
        "_hparams_/experiment",
        "12791900001040fc54d941221e0a026c7220032a160a09117b14ae47e17a843f0a09119a9999999999b93f22110a"
            + "0372617720022a080a0220000a02200122180a087363686564756c6520012a0a0a081a06636f73696e652a"
            + "210a0a120861636375726163791a1376616c69646174696f6e206163637572616379");
  }

  @Test
  void sessionStartHasTypedValues() {
    assertContent(
        HParams.start(ordered("lr", "0.1", "raw", "true", "units", "512,256"), TIME),
        "_hparams_/session_start_info",
        "1a390a0f0a026c721209119a9999999999b93f0a090a03726177120220010a120a05756e69747312091a07353132"
            + "2c3235362900001040fc54d941");
  }

  @Test
  void sessionEndHasStatus() {
    assertContent(
        HParams.end(Status.FAILURE, TIME),
        "_hparams_/session_end_info",
        "220b08021100001040fc54d941");
  }
}
