package dev.retrain.training;

import dev.retrain.bottleneck.Vectors;
import java.util.Arrays;

/**
 * Softmax regression and Adam in plain double arithmetic, after the papers, with an average of the
 * weights beside; what the training graph is compared with.
 */
final class ReferenceSoftmax {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final int inputs;
  private final int classes;

  /** [inputs + 1, classes], flat, the biases in the last row. */
  private final double[] parameters;

  private final double[] average;
  private final double[] m;
  private final double[] v;
  private int updates;

  /** Starts from a layer's weights and biases. */
  ReferenceSoftmax(SoftmaxLayer first) {
    inputs = first.inputs();
    classes = first.classes();
    parameters = new double[(inputs + 1) * classes];
    for (int i = 0; i < parameters.length; i++) {
      int bias = i - inputs * classes;
      parameters[i] = bias < 0 ? first.weights()[i] : first.biases()[bias];
    }
    average = parameters.clone();
    m = new double[parameters.length];
    v = new double[parameters.length];
  }

  /**
   * How rows were told.
   *
   * @param accuracy 0 to 1
   * @param loss mean cross-entropy, nats
   */
  record Told(double accuracy, double loss) {}

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

  /** How the averaged parameters tell rows. */
  Told evaluate(double[][] rows, int[] labels) {
    return told(average, rows, labels);
  }

  private Told told(double[] values, double[][] rows, int[] labels) {
    int right = 0;
    double loss = 0;
    for (int row = 0; row < rows.length; row++) {
      double[] probabilities = probabilities(values, rows[row]);
      loss -= Math.log(probabilities[labels[row]]);
      double best = Arrays.stream(probabilities).max().orElseThrow();
      right += probabilities[labels[row]] == best ? 1 : 0;
    }
    return new Told((double) right / rows.length, loss / rows.length);
  }

  private double[] probabilities(double[] values, double[] row) {
    double[] result = new double[classes];
    for (int c = 0; c < classes; c++) {
      result[c] = values[inputs * classes + c];
      for (int i = 0; i < inputs; i++) {
        result[c] += row[i] * values[i * classes + c];
      }
    }
    double max = Arrays.stream(result).max().orElseThrow();
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      result[c] = Math.exp(result[c] - max);
      sum += result[c];
    }
    for (int c = 0; c < classes; c++) {
      result[c] /= sum;
    }
    return result;
  }

  /** Makes one update; the answer is how the batch was told before it. */
  Told update(double[][] rows, int[] labels, double rate, double penalty, double averageDecay) {
    Told before = told(parameters, rows, labels);
    double[] gradient = new double[parameters.length];
    for (int row = 0; row < rows.length; row++) {
      double[] probabilities = probabilities(parameters, rows[row]);
      for (int c = 0; c < classes; c++) {
        double slope = (probabilities[c] - (labels[row] == c ? 1 : 0)) / rows.length;
        for (int i = 0; i < inputs; i++) {
          gradient[i * classes + c] += slope * rows[row][i];
        }
        gradient[inputs * classes + c] += slope;
      }
    }
    for (int i = 0; i < inputs * classes; i++) {
      gradient[i] += penalty * parameters[i];
    }
    updates++;
    double corrected =
        rate * Math.sqrt(1 - Math.pow(BETA2, updates)) / (1 - Math.pow(BETA1, updates));
    for (int i = 0; i < parameters.length; i++) {
      m[i] = BETA1 * m[i] + (1 - BETA1) * gradient[i];
      v[i] = BETA2 * v[i] + (1 - BETA2) * gradient[i] * gradient[i];
      parameters[i] -= corrected * m[i] / (Math.sqrt(v[i]) + EPSILON);
      average[i] = averageDecay * average[i] + (1 - averageDecay) * parameters[i];
    }
    return before;
  }

  /** The averaged weight of an input for a class. */
  double weight(int input, int label) {
    return average[input * classes + label];
  }

  /** The averaged bias of a class. */
  double bias(int label) {
    return average[inputs * classes + label];
  }
}
