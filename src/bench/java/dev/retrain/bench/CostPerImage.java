package dev.retrain.bench;

import dev.retrain.backbone.Backbone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time per image, by the number of images. */
final class CostPerImage implements Measurements {
  private static final String COST = "cost";
  private static final int ONCE = 20_000;

  @Override
  public String title() {
    return "Time per image";
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
    // The long one in the middle, so that the machine is in the same state.
    small.run(setting.size(2, 1));
    large.run(1);
    small.run(setting.size(2, 1));
    List<Figure> figures = new ArrayList<>();
    List<Measurement> rows = new ArrayList<>();
    for (int count : counts) {
      Figure figure = (count < ONCE ? small : large).figure(name(count), COST);
      figures.add(figure);
      rows.add(Measurement.alone(name(count), Unit.MILLISECONDS_PER_IMAGE, figure));
    }
    Comparator<Figure> byMedian = Comparator.comparingDouble(Figure::median);
    double highest = figures.stream().max(byMedian).orElseThrow().median();
    double lowest = figures.stream().min(byMedian).orElseThrow().median();
    rows.add(
        Measurement.alone(
                "Highest of these divided by the lowest",
                Unit.SHARE,
                Figure.of(List.of(highest / lowest)))
            .target(Target.oursAtMost(1.1)));
    return rows;
  }

  private static String name(int count) {
    return "Time per image, %,d images, MobileNet v1 0.25".formatted(count);
  }
}
