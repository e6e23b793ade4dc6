package dev.retrain.training.finetune;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.bottleneck.Vectors;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.training.*;
import dev.retrain.training.head.HeadTrainer;
import dev.retrain.util.Progress;
import dev.retrain.training.finetune.graph.FineTuneGraph;
import dev.retrain.training.finetune.image.*;
import dev.retrain.training.finetune.network.*;
import java.io.RandomAccessFile;
import java.nio.*;
import java.nio.channels.FileChannel;
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.*;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.*;

public final class FineTuneExperiment {
  static int arg(Map<String, String> a, String k, int d) { return Integer.parseInt(a.getOrDefault(k, "" + d)); }
  static double dbl(Map<String, String> a, String k, double d) { return Double.parseDouble(a.getOrDefault(k, "" + d)); }

  static byte[][] images; static int[] labels; static int S;

  public static void main(String[] args) throws Exception {
    Map<String, String> a = new HashMap<>();
    for (String s : args) { String[] p = s.split("=", 2); a.put(p[0], p[1]); }
    S = arg(a, "size", 96);
    int threads = arg(a, "threads", 2);
    Path root = Path.of(a.getOrDefault("dir", "/tmp/c50k/data/train"));
    List<Path> files; List<String> classes;
    try (var l = Files.list(root)) { classes = l.map(p -> p.getFileName().toString()).sorted().toList(); }
    int perClass = arg(a, "per", 100000);
    List<Path> train = new ArrayList<>(), val = new ArrayList<>();
    Map<Path, Integer> label = new HashMap<>();
    for (String c : classes) {
      try (var l = Files.list(root.resolve(c))) {
        List<Path> all = new ArrayList<>(l.sorted(Comparator.comparing(p -> p.getFileName().toString().hashCode() * 31)).toList());
        int v = Math.min(500, all.size() / 10);
        for (Path p : all) label.put(p, classes.indexOf(c));
        val.addAll(all.subList(0, v));
        train.addAll(all.subList(v, Math.min(all.size(), v + perClass)));
      }
    }
    Collections.shuffle(train, new Random(5));
    byte[][] tx = decode(train), vx = decode(val);
    int[] ty = train.stream().mapToInt(label::get).toArray(), vy = val.stream().mapToInt(label::get).toArray();
    Path graphFile = Path.of(a.getOrDefault("graph", "/tmp/ftnet/frozen_graph.pb"));
    GraphDef raw = GraphDef.parseFrom(Files.readAllBytes(graphFile));
    String input = a.getOrDefault("input", "input:0");
    String bottleneck = a.getOrDefault("bottleneck", "MobilenetV1/MobilenetV1/Conv2d_13_pointwise/Relu6:0");
    Backbone backbone = new Backbone("net", NetworkResize.resize(raw, input, S, S), "00", input, List.of(bottleneck), new Preprocessing(S, S, 127.5f, 127.5f));
    long t0 = System.nanoTime();
    float[][] tv = vectors(backbone, tx), vv = vectors(backbone, vx);
    System.out.printf("vectors %.1f s%n", (System.nanoTime() - t0) / 1e9);
    TrainingOptions ho = TrainingOptions.DEFAULT;
    TrainingResult head = new HeadTrainer(ho, TrainingListener.NONE, Progress.NONE).train(vec(tv, ty), vec(vv, vy), classes.size());
    System.out.printf("head validation %.2f%n", 100 * accuracy(head.head(), vv, vy));
    GraphDef network; String vector;
    try (BackboneGraph g = new BackboneGraph(backbone)) { network = g.graph().toGraphDef(); vector = g.vector().op().name(); }
    Set<String> frozen = new HashSet<>();
    if (a.containsKey("from")) {
      Deque<String> open = new ArrayDeque<>(List.of(a.get("from")));
      Map<String, org.tensorflow.proto.NodeDef> nodes = new HashMap<>();
      network.getNodeList().forEach(n -> nodes.put(n.getName(), n));
      while (!open.isEmpty()) { String n = open.remove(); if (nodes.containsKey(n) && frozen.add(n)) nodes.get(n).getInputList().forEach(i -> open.add(i.split(":")[0])); }
    }
    TrainableNetwork net = TrainableNetwork.create(network, frozen);
    System.out.println(net.convolutions().size() + " convolutions, " + net.parameters().size() + " parameters");
    Preprocessing pre = new Preprocessing(S, S, 127.5f, 127.5f);
    FineTuneOptions o = new FineTuneOptions(arg(a, "epochs", 3), arg(a, "batch", 128), dbl(a, "lr", 2e-3), FineTuneOptions.Schedule.COSINE, arg(a, "warm", 200),
        a.containsKey("sgd") ? new FineTuneOptimizer.Sgd(0.9) : new FineTuneOptimizer.AdamW(), dbl(a, "wd", 1e-4), dbl(a, "smooth", 0.1), dbl(a, "clip", 0), dbl(a, "ld", 1),
        new ImageDistortions(true, dbl(a, "shift", 0.125), dbl(a, "zoom", 0), dbl(a, "rot", 0), dbl(a, "color", 0), dbl(a, "color", 0), dbl(a, "color", 0), dbl(a, "erase", 0), dbl(a, "mixup", 0), arg(a, "ra", 0)), arg(a, "seed", 1));
    double[] sums = new double[2]; long[] mark = {System.nanoTime()}; double[] secs = {0};
    int perEpoch = tx.length / Math.min(o.batchSize(), tx.length);
    try (PixelFile pixels = PixelFile.create(Path.of("/tmp"), train, pre, Progress.NONE)) {
      mark[0] = System.nanoTime();
      new FineTuner(net, input, vector, pre, new BatchBuilder(pixels, ty, classes.size(), S, S, o.distortions(), o.labelSmoothing(), o.seed()), o,
          org.tensorflow.proto.ConfigProto.newBuilder().setInterOpParallelismThreads(1).setIntraOpParallelismThreads(threads).build())
          .train(head.head(), new FineTuner.Listener() {
            public void updated(int step, float rate, FineTuneGraph.StepMetrics m) { sums[0] += m.loss(); sums[1] += m.gradientNorm(); if (a.containsKey("v") && step % 20 == 0) System.out.printf("step %d %s%n", step, m); }
            public boolean epochEnded(int epoch, int step, FineTuned t) {
              double es = (System.nanoTime() - mark[0]) / 1e9; secs[0] += es;
              Backbone tuned = new Backbone("net", t.network(), "01", input, List.of(bottleneck), pre);
              double acc = accuracy(t.head(), vectors(tuned, vx), vy);
              System.out.printf("epoch %d loss %.4f norm %.2f val %.2f  %.1f s (%.3f ms/image) total %.1f%n", epoch, sums[0] / perEpoch, sums[1] / perEpoch, 100 * acc, es, 1e3 * es / tx.length, secs[0]);
              sums[0] = sums[1] = 0; mark[0] = System.nanoTime(); return true;
            }
          }, Progress.NONE);
    }
  }

  static void transform(float[] t, int o, Random rnd, double shift, double zoom, double rot) {
    double flip = rnd.nextBoolean() ? -1 : 1, z = 1 - zoom * rnd.nextDouble(), an = rot * (2 * rnd.nextDouble() - 1);
    double c = S / 2.0 - 0.5, dx = S * shift * (2 * rnd.nextDouble() - 1), dy = S * shift * (2 * rnd.nextDouble() - 1);
    double co = Math.cos(an) * z, si = Math.sin(an) * z;
    // output (x, y) -> input
    t[o] = (float) (flip * co); t[o + 1] = (float) (-flip * si); t[o + 3] = (float) si; t[o + 4] = (float) co;
    t[o + 2] = (float) (c + dx - t[o] * c - t[o + 1] * c); t[o + 5] = (float) (c + dy - t[o + 3] * c - t[o + 4] * c);
  }

  static float[] scaled(byte[] b) { float[] f = new float[b.length]; for (int i = 0; i < f.length; i++) f[i] = ((b[i] & 255) - 127.5f) * (1 / 127.5f); return f; }

  static byte[][] decode(List<Path> files) throws Exception {
    byte[][] out = new byte[files.size()][];
    try (ImageDecoder d = new ImageDecoder(new Preprocessing(S, S, 0, 1))) {
      IntStream.range(0, out.length).parallel().forEach(i -> { try { float[] f = d.decode(Files.readAllBytes(files.get(i))); byte[] b = new byte[f.length]; for (int k = 0; k < b.length; k++) b[k] = (byte) Math.round(f[k]); out[i] = b; } catch (Exception e) { throw new RuntimeException(e); } });
    }
    return out;
  }

  static float[][] vectors(Backbone backbone, byte[][] x) {
    try (BackboneSession s = BackboneSession.singleThreaded(backbone)) {
      int n = s.vectorLength(); float[][] out = new float[x.length][];
      IntStream.range(0, (x.length + 31) / 32).parallel().forEach(b -> {
        List<float[]> imgs = new ArrayList<>();
        for (int i = b * 32; i < Math.min(x.length, b * 32 + 32); i++) imgs.add(scaled(x[i]));
        float[] v = s.vectors(imgs);
        for (int i = 0; i < imgs.size(); i++) out[b * 32 + i] = Arrays.copyOfRange(v, i * n, (i + 1) * n);
      });
      return out;
    }
  }

  static Vectors vec(float[][] v, int[] y) {
    return new Vectors() {
      public int count() { return y.length; }
      public int length() { return v[0].length; }
      public int label(int i) { return y[i]; }
      public String name(int i) { return "" + i; }
      public void copy(int i, float[] t, int o) { System.arraycopy(v[i], 0, t, o, v[0].length); }
    };
  }

  static double accuracy(Head head, float[][] v, int[] y) {
    int ok = 0;
    for (int i = 0; i < v.length; i++) {
      float[] x = v[i];
      for (int l = 0; l < head.layers().size(); l++) {
        DenseWeights w = head.layers().get(l); float[] o = w.biases().clone();
        for (int k = 0; k < x.length; k++) for (int j = 0; j < o.length; j++) o[j] += x[k] * w.weights()[k * o.length + j];
        if (l < head.layers().size() - 1) for (int j = 0; j < o.length; j++) o[j] = Math.max(0, o[j]);
        x = o;
      }
      int best = 0; for (int j = 1; j < x.length; j++) if (x[j] > x[best]) best = j;
      if (best == y[i]) ok++;
    }
    return ok / (double) v.length;
  }
}
