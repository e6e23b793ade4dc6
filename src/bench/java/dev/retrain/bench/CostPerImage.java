package dev.retrain.bench;

import dev.retrain.backbone.Backbone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Whether many images cost more each than few. */
final class CostPerImage implements Measurements {
  private static final String COST = "cost";
  private static final int ONCE = 20_000;

  @Override
  public String title() {
    return "Cost of an image";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws Exception {
    Backbone backbone = setting.mobileNet();
    List<Integer> counts = setting.quick() ? List.of(50, 100) : List.of(1000, 5000, 50_000);
    InProcess.warmUp(setting, backbone);
    Rounds small = new Rounds();
    Rounds large = new Rounds();
    for (int count : counts) {
      (count < ONCE ? small : large)
          .with(
              name(count),
              samples ->
                  samples.add(
                      COST,
                      1000
                          * InProcess.extract(setting, backbone, setting.images(count), count)
                          / count));
    }
    // Unpacked before anything is timed.
    for (int count : counts) {
      setting.images(count);
    }
    // The long one in the middle, so that it meets the machine in the same state.
    small.run(setting.size(2, 1));
    large.run(1);
    small.run(setting.size(2, 1));
    List<Figure> figures = new ArrayList<>();
    List<Measurement> rows = new ArrayList<>();
    for (int count : counts) {
      Figure figure = (count < ONCE ? small : large).figure(name(count), COST);
      figures.add(figure);
      rows.add(Measurement.alone(name(count), Unit.MILLISECONDS_PER_PICTURE, figure));
    }
    Comparator<Figure> byMedian = Comparator.comparingDouble(Figure::median);
    double dearest = figures.stream().max(byMedian).orElseThrow().median();
    double cheapest = figures.stream().min(byMedian).orElseThrow().median();
    rows.add(
        Measurement.alone(
                "The dearest of these, by the cheapest",
                Unit.SHARE,
                Figure.of(List.of(dearest / cheapest)))
            .target(Target.oursAtMost(1.1)));
    return rows;
  }

  private static String name(int count) {
    return "An image of %,d, MobileNet v1 0.25".formatted(count);
  }
}
