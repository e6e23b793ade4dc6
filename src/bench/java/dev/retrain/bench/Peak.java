package dev.retrain.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.family.TFloating;

/**
 * The machine's peak: throughput of TensorFlow's matrix products, either one on all cores or one on
 * each core.
 */
final class Peak implements AutoCloseable {
  /** What the peak is called in the table. */
  static final String NAME = "TensorFlow's matrix product";

  private static final String TOGETHER = "one product on all cores";
  private static final String EACH = "a product on each core";

  private final Class<? extends TFloating> type;
  private final int size;
  private final int times;
  private final List<MatrixProduct> products = new ArrayList<>();

  /**
   * @param type the type of the matrices
   */
  Peak(Setting setting, Class<? extends TFloating> type) {
    this.type = type;
    size = setting.size(2048, 256);
    times = setting.size(10, 2);
  }

  /** Measures both ways once, in GFLOP/s. */
  void measure(Rounds.Samples samples) throws Exception {
    if (products.isEmpty()) {
      products.add(new MatrixProduct(size, type, ConfigProto.getDefaultInstance()));
      for (int i = 0; i < EveryCore.COUNT; i++) {
        products.add(new MatrixProduct(size, type, MatrixProduct.oneThread()));
      }
    }
    Clock clock = Clock.start();
    samples.add(TOGETHER, products.get(0).multiply(times) / clock.seconds());
    List<Callable<Double>> work = new ArrayList<>();
    List<MatrixProduct> each = products.subList(1, products.size());
    each.forEach(product -> work.add(() -> product.multiply(times)));
    double seconds = EveryCore.seconds(work);
    double gflop = 2e-9 * size * size * size * times * each.size();
    samples.add(EACH, gflop / seconds);
  }

  /** The figure of the faster way. */
  static Figure higher(Rounds rounds, String contender) {
    return Stream.of(TOGETHER, EACH)
        .map(way -> rounds.figure(contender, way))
        .reduce((a, b) -> !a.isMeasured() || a.median() >= b.median() ? a : b)
        .orElseThrow();
  }

  @Override
  public void close() {
    products.forEach(MatrixProduct::close);
  }
}
