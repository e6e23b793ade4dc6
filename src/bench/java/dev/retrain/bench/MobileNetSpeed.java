package dev.retrain.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.Backbone;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;

/**
 * ThroughputProbe.Estimate on real images, from files to vectors on disk. The peers' figures
 * exclude startup; the tool's are given with and without it.
 */
final class MobileNetSpeed implements Measurements {
  private static final String OURS = "retrain";
  private static final String STARTED = "retrain, started";
  private static final String RETRAIN_PY = "retrain.py's method";
  private static final String TF_DATA = "tf.data, batches of 64";
  private static final String RATE = "rate";
  private static final String INSIDE = "inside";
  private static final String MEMORY = "memory";

  @Override
  public String title() {
    return "MobileNet";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws Exception {
    int count = setting.size(5000, 100);
    int few = setting.size(500, 20);
    Path images = setting.images(count);
    Path graph = setting.mobileNetGraph();
    Backbone backbone = setting.mobileNet();
    InProcess.warmUp(setting, backbone);
    Rounds rounds =
        new Rounds()
            .with(OURS, samples -> whole(setting, images, count, samples))
            .with(
                STARTED,
                samples ->
                    samples.add(RATE, count / InProcess.extract(setting, backbone, images, count)))
            .with(
                RETRAIN_PY,
                samples -> {
                  Path texts = setting.fresh("texts");
                  Child child =
                      Child.python(setting, "bench_retrain_py.py", graph, images, texts, few);
                  peer(child, samples);
                  FileUtils.deleteDirectory(texts.toFile());
                })
            .with(
                TF_DATA,
                samples -> peer(Child.python(setting, "bench_tfdata.py", graph, images), samples))
            .run(setting.size(5, 1));
    String what = "%,d JPEG files to vectors, MobileNet v1 0.25".formatted(count);
    List<Measurement> rows = new ArrayList<>();
    for (String peer : List.of(RETRAIN_PY, TF_DATA)) {
      Target target = Target.ratioAtLeast(peer.equals(RETRAIN_PY) ? 6 : 1.3);
      rows.add(
          Measurement.alone(what, Unit.IMAGES_PER_SECOND, rounds.figure(STARTED, RATE))
              .against(peer, rounds.figure(peer, RATE))
              .target(target));
      rows.add(
          Measurement.alone(
                  what + ", whole process", Unit.IMAGES_PER_SECOND, rounds.figure(OURS, RATE))
              .against(peer + ", started", rounds.figure(peer, RATE))
              .target(target));
    }
    rows.add(
        Measurement.alone(
            what + ", as the tool reports it", Unit.SECONDS, rounds.figure(OURS, INSIDE)));
    for (String peer : List.of(RETRAIN_PY, TF_DATA)) {
      rows.add(
          Measurement.alone("Peak memory for that", Unit.GIBIBYTES, rounds.figure(OURS, MEMORY))
              .against(peer, rounds.figure(peer, MEMORY)));
    }
    return rows;
  }

  private static void whole(Setting setting, Path images, int count, Rounds.Samples samples)
      throws Exception {
    Path cache = setting.fresh("cache");
    Child child =
        Child.retrain(
            setting,
            "bottleneck",
            "--image-dir",
            images,
            "--bottleneck-dir",
            cache,
            "--backbone",
            Setting.MOBILE_NET,
            "--model-dir",
            setting.models().path(),
            "--quiet",
            "--json");
    JsonNode result = child.json();
    if (result.get("computed").asInt() != count) {
      throw new IllegalStateException("not all vectors were computed: " + result);
    }
    samples.add(RATE, count / child.seconds());
    samples.add(INSIDE, result.get("seconds").asDouble());
    samples.add(MEMORY, child.gibibytes());
    FileUtils.deleteDirectory(cache.toFile());
  }

  private static void peer(Child child, Rounds.Samples samples) throws Exception {
    samples.add(RATE, child.json().get("images").asInt() / child.json().get("seconds").asDouble());
    samples.add(MEMORY, child.gibibytes());
  }
}
