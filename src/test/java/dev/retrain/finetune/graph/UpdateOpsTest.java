package dev.retrain.finetune.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.testing.PythonClient;
import dev.retrain.util.Json;
import dev.retrain.util.TensorFlowRuntime;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/** Ten updates with given gradients equal those of Keras in float32 and PyTorch's formula. */
class UpdateOpsTest {
  private static final int COUNT = 6;
  private static final int STEPS = 10;

  /** Ten updates round differently. */
  private static final double TOLERANCE = 2e-6;

  private static final float[] INITIAL = random(1, 1);

  private static float[] random(long seed, double scale) {
    Random random = new Random(seed);
    float[] values = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }

  /** Of very different sizes. */
  private static float[] gradient(int step) {
    return random(100 + step, Math.pow(10, step % 4 - 3));
  }

  private static float rate(int step) {
    return 0.01f * (step + 1);
  }

  /** Runs the updates; the values of all variables after each. */
  private static float[][] run(
      FineTuneOptimizer optimizer,
      double decay,
      boolean decayed,
      double rateFactor,
      double averageDecay,
      String fetched) {
    try (Graph graph = TensorFlowRuntime.newGraph()) {
      Ops tf = Ops.create(graph);
      VariableState state = new VariableState();
      Shape shape = Shape.of(COUNT);
      VarHandleOp handle = state.create(tf, "x", shape);
      Output<TFloat32> value = tf.readVariableOp(handle, TFloat32.class).asOutput();
      state.add(tf, "x", handle, value, shape);
      Placeholder<TFloat32> gradient = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      UpdateSettings settings = UpdateSettings.build(tf);
      List<Op> updates =
          new UpdateOps(tf, state, optimizer, decay, averageDecay > 0, settings)
              .update(
                  new TrainedVariable("x", handle, value, shape, decayed, 0), gradient, rateFactor);
      try (Session session = new Session(graph)) {
        state.assign(
            session,
            averageDecay > 0 ? Map.of("x", INITIAL, "x/average", INITIAL) : Map.of("x", INITIAL));
        float[][] values = new float[STEPS][];
        for (int step = 0; step < STEPS; step++) {
          try (TFloat32 now = UpdateSettings.values(step, rate(step), averageDecay);
              TFloat32 given = TFloat32.vectorOf(gradient(step))) {
            Session.Runner runner =
                session.runner().feed(gradient, given).feed(settings.placeholder(), now);
            updates.forEach(runner::addTarget);
            runner.run().close();
          }
          try (VariableSnapshot snapshot = state.snapshot(session)) {
            values[step] = snapshot.values(fetched);
          }
        }
        return values;
      }
    }
  }

  /** An optimizer with a weight decay and the factor of a layer's learning rate. */
  private record Task(String optimizer, double decay, double rateFactor) {
    ObjectNode json() {
      ObjectNode json = Json.mapper().createObjectNode();
      json.put("optimizer", optimizer);
      json.set("values", Json.mapper().valueToTree(INITIAL));
      json.put("decay", decay);
      for (int step = 0; step < STEPS; step++) {
        json.withArray("rates").add(rate(step) * rateFactor);
        json.withArray("gradients").add(Json.mapper().<JsonNode>valueToTree(gradient(step)));
      }
      return json;
    }

    float[][] run() {
      FineTuneOptimizer own =
          optimizer.equals("sgd") ? new FineTuneOptimizer.Sgd(0.9) : new FineTuneOptimizer.AdamW();
      return UpdateOpsTest.run(own, decay, true, rateFactor, 0, "x");
    }
  }

  @Test
  void updatesEqualTheReference() throws IOException {
    List<Task> tasks =
        List.of(
            new Task("adamw", 0, 1),
            new Task("adamw", 0.1, 1),
            new Task("adamw", 0.1, 0.25),
            new Task("sgd", 0, 1),
            new Task("sgd", 0.1, 1));
    ArrayNode json = Json.mapper().createArrayNode();
    tasks.forEach(task -> json.add(task.json()));
    JsonNode expected = PythonClient.require().run("fine_tune.py", "updates", json);
    for (int t = 0; t < tasks.size(); t++) {
      float[][] actual = tasks.get(t).run();
      for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < COUNT; i++) {
          double value = expected.get(t).get(step).get(i).asDouble();
          assertThat((double) actual[step][i])
              .as("%s, update %s of value %s", tasks.get(t), step + 1, i)
              .isCloseTo(value, Offset.offset(TOLERANCE * Math.max(1, Math.abs(value))));
        }
      }
    }
  }

  @Test
  void otherVariablesDoNotDecay() {
    FineTuneOptimizer optimizer = new FineTuneOptimizer.AdamW();
    assertThat(run(optimizer, 0.1, false, 1, 0, "x")).isEqualTo(run(optimizer, 0, true, 1, 0, "x"));
    assertThat(run(optimizer, 0.1, true, 1, 0, "x"))
        .isNotEqualTo(run(optimizer, 0, true, 1, 0, "x"));
  }

  @Test
  void averagesFollowTheVariables() {
    FineTuneOptimizer optimizer = new FineTuneOptimizer.AdamW();
    float[][] values = run(optimizer, 0.1, true, 1, 0.4, "x");
    float[][] averages = run(optimizer, 0.1, true, 1, 0.4, "x/average");
    double[] expected = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      expected[i] = INITIAL[i];
      for (int step = 0; step < STEPS; step++) {
        double decay = Math.min(0.4, (1 + (step + 1.0)) / (10 + (step + 1.0)));
        expected[i] = decay * expected[i] + (1 - decay) * values[step][i];
        assertThat((double) averages[step][i]).isCloseTo(expected[i], Offset.offset(1e-6));
      }
    }
  }
}
