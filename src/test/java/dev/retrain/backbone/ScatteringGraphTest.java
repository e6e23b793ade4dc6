package dev.retrain.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.GraphDef;

class ScatteringGraphTest {
  /** Run the tests with {@code -Dretrain.write-scattering=true} to write the graph anew. */
  private static final boolean WRITE = Boolean.getBoolean("retrain.write-scattering");

  private static final Path SOURCE =
      Path.of("src/main/resources/dev/retrain/backbone", ScatteringGraph.RESOURCE);

  @Test
  void theGraphInTheJarIsTheOneTheCodeBuilds() throws IOException {
    GraphDef built = ScatteringGraph.build();
    if (WRITE) {
      Files.write(SOURCE, bytes(built));
    }
    try (InputStream in = ScatteringGraph.class.getResourceAsStream(ScatteringGraph.RESOURCE)) {
      assertThat(GraphDef.parseFrom(WRITE ? Files.newInputStream(SOURCE) : in)).isEqualTo(built);
    }
    assertThat(Files.size(SOURCE)).isLessThan(300_000);
  }

  private static byte[] bytes(GraphDef graph) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    graph.writeTo(out);
    out.flush();
    return bytes.toByteArray();
  }
}
