package dev.retrain.training.head;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reference implementation in double precision of dense layers with ReLU, softmax, Adam, SGD with
 * momentum and a moving average of the weights, written from the papers. Tests compare the training
 * graph with it.
 */
final class ReferenceNetwork {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final List<Layer> layers = new ArrayList<>();
  private int updates;

  /**
   * How an update changes the weights.
   *
   * @param penalty factor of half the sum of the squared weights in the objective
   * @param weightDecay decoupled weight decay
   * @param smoothing label smoothing
   * @param momentum momentum of SGD; NaN for Adam
   */
  record Rule(double penalty, double weightDecay, double smoothing, double momentum) {}

  /**
   * Metrics of some rows.
   *
   * @param accuracy fraction classified correctly, 0 to 1
   * @param loss mean cross-entropy, in nats
   */
  record Metrics(double accuracy, double loss) {}

  /** A layer; its arrays are [inputs + 1, outputs], with the biases in the last row. */
  private static final class Layer {
    private final int inputs;
    private final int outputs;
    private final double[][] parameters;
    private final double[][] average;
    private final double[][] gradient;
    private final double[][] m;
    private final double[][] v;

    Layer(DenseWeights first) {
      inputs = first.inputs();
      outputs = first.outputs();
      parameters = new double[inputs + 1][outputs];
      average = new double[inputs + 1][outputs];
      gradient = new double[inputs + 1][outputs];
      m = new double[inputs + 1][outputs];
      v = new double[inputs + 1][outputs];
      for (int i = 0; i <= inputs; i++) {
        for (int o = 0; o < outputs; o++) {
          parameters[i][o] = i < inputs ? first.weights()[i * outputs + o] : first.biases()[o];
          average[i][o] = parameters[i][o];
        }
      }
    }

    double[] output(double[][] values, double[] row) {
      double[] result = values[inputs].clone();
      for (int i = 0; i < inputs; i++) {
        for (int o = 0; o < outputs; o++) {
          result[o] += row[i] * values[i][o];
        }
      }
      return result;
    }

    /** Adds the gradient of a row; returns the gradient with respect to its inputs. */
    double[] backward(double[] row, double[] slope) {
      double[] result = new double[inputs];
      for (int o = 0; o < outputs; o++) {
        gradient[inputs][o] += slope[o];
        for (int i = 0; i < inputs; i++) {
          gradient[i][o] += slope[o] * row[i];
          result[i] += slope[o] * parameters[i][o];
        }
      }
      return result;
    }

    void step(Rule rule, double rate, double averageDecay, int updates) {
      double corrected =
          rate * Math.sqrt(1 - Math.pow(BETA2, updates)) / (1 - Math.pow(BETA1, updates));
      for (int i = 0; i <= inputs; i++) {
        for (int o = 0; o < outputs; o++) {
          boolean weight = i < inputs;
          double slope = gradient[i][o] + (weight ? rule.penalty() * parameters[i][o] : 0);
          double decayed = weight ? rate * rule.weightDecay() * parameters[i][o] : 0;
          if (Double.isNaN(rule.momentum())) {
            m[i][o] = BETA1 * m[i][o] + (1 - BETA1) * slope;
            v[i][o] = BETA2 * v[i][o] + (1 - BETA2) * slope * slope;
            parameters[i][o] -= corrected * m[i][o] / (Math.sqrt(v[i][o]) + EPSILON);
          } else {
            m[i][o] = rule.momentum() * m[i][o] + slope;
            parameters[i][o] -= rate * m[i][o];
          }
          parameters[i][o] -= decayed;
          average[i][o] = averageDecay * average[i][o] + (1 - averageDecay) * parameters[i][o];
          gradient[i][o] = 0;
        }
      }
    }
  }

  /** Starts from the weights and biases of a head. */
  ReferenceNetwork(Head first) {
    first.layers().forEach(layer -> layers.add(new Layer(layer)));
  }

  /** All rows of vectors. */
  static double[][] rows(Vectors vectors) {
    double[][] rows = new double[vectors.count()][vectors.length()];
    float[] row = new float[vectors.length()];
    for (int i = 0; i < rows.length; i++) {
      vectors.copy(i, row, 0);
      for (int j = 0; j < row.length; j++) {
        rows[i][j] = row[j];
      }
    }
    return rows;
  }

  /** All labels of vectors. */
  static int[] labels(Vectors vectors) {
    int[] labels = new int[vectors.count()];
    Arrays.setAll(labels, vectors::label);
    return labels;
  }

  /** Metrics of the averaged parameters. */
  Metrics evaluate(double[][] rows, int[] labels) {
    return metrics(true, rows, labels);
  }

  private Metrics metrics(boolean averaged, double[][] rows, int[] labels) {
    int correct = 0;
    double loss = 0;
    for (int row = 0; row < rows.length; row++) {
      List<double[]> outputs = outputs(averaged, rows[row]);
      double[] probabilities = softmax(outputs.get(layers.size()));
      loss -= Math.log(probabilities[labels[row]]);
      double best = Arrays.stream(probabilities).max().orElseThrow();
      correct += probabilities[labels[row]] == best ? 1 : 0;
    }
    return new Metrics((double) correct / rows.length, loss / rows.length);
  }

  /** The inputs of each layer, then the output of the last. */
  private List<double[]> outputs(boolean averaged, double[] row) {
    List<double[]> outputs = new ArrayList<>(List.of(row));
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      double[] output = layer.output(averaged ? layer.average : layer.parameters, outputs.get(i));
      boolean last = i == layers.size() - 1;
      outputs.add(last ? output : Arrays.stream(output).map(x -> Math.max(x, 0)).toArray());
    }
    return outputs;
  }

  private static double[] softmax(double[] logits) {
    double max = Arrays.stream(logits).max().orElseThrow();
    double[] exponents = Arrays.stream(logits).map(x -> Math.exp(x - max)).toArray();
    double sum = Arrays.stream(exponents).sum();
    return Arrays.stream(exponents).map(x -> x / sum).toArray();
  }

  /** Updates the parameters; returns the metrics of the batch before the update. */
  Metrics update(double[][] rows, int[] labels, Rule rule, double rate, double averageDecay) {
    Metrics before = metrics(false, rows, labels);
    for (int row = 0; row < rows.length; row++) {
      List<double[]> outputs = outputs(false, rows[row]);
      double[] slope = softmax(outputs.get(layers.size()));
      for (int c = 0; c < slope.length; c++) {
        double target =
            rule.smoothing() / slope.length + (labels[row] == c ? 1 - rule.smoothing() : 0);
        slope[c] = (slope[c] - target) / rows.length;
      }
      for (int i = layers.size() - 1; i >= 0; i--) {
        double[] inputs = outputs.get(i);
        slope = layers.get(i).backward(inputs, slope);
        for (int j = 0; i > 0 && j < slope.length; j++) {
          slope[j] = inputs[j] > 0 ? slope[j] : 0;
        }
      }
    }
    updates++;
    layers.forEach(layer -> layer.step(rule, rate, averageDecay, updates));
    return before;
  }

  /** The averaged weight of a layer's input for an output. */
  double weight(int layer, int input, int output) {
    return layers.get(layer).average[input][output];
  }

  /** The averaged bias of a layer's output. */
  double bias(int layer, int output) {
    return layers.get(layer).average[layers.get(layer).inputs][output];
  }
}
