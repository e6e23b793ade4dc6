package dev.retrain.dataset.sample;

import dev.retrain.util.Progress;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.ImageEncoder;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Draws synthetic images whose classes differ only in texture and shape. Colors, position, size and
 * rotation are random in each image, so a single pixel says nothing about the class.
 */
public final class SampleImages {
  /** Width and height of an image, in pixels. */
  static final int SIZE = 96;

  private static final float NOISE = 6;

  private SampleImages() {}

  /** A class of images; its folder has the constant's name in lower case. */
  private enum Motif {
    CHECKS {
      @Override
      void paint(Graphics2D g, RandomGenerator random) {
        double cell = between(random, 8, 14);
        for (int row = -12; row < 12; row++) {
          for (int column = -12; column < 12; column++) {
            if (((row + column) & 1) == 0) {
              g.fill(new Rectangle2D.Double(column * cell, row * cell, cell, cell));
            }
          }
        }
      }
    },
    DOTS {
      @Override
      void paint(Graphics2D g, RandomGenerator random) {
        double step = between(random, 14, 22);
        double radius = step * between(random, 0.24, 0.34);
        for (int row = -8; row <= 8; row++) {
          for (int column = -8; column <= 8; column++) {
            double x = (column + between(random, -0.12, 0.12)) * step;
            double y = (row + between(random, -0.12, 0.12)) * step;
            g.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
          }
        }
      }
    },
    RINGS {
      @Override
      void paint(Graphics2D g, RandomGenerator random) {
        double step = between(random, 10, 18);
        g.setStroke(new BasicStroke((float) (step * between(random, 0.35, 0.5))));
        for (double radius = step / 2; radius < 130; radius += step) {
          g.draw(new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius));
        }
      }
    },
    STRIPES {
      @Override
      void paint(Graphics2D g, RandomGenerator random) {
        double step = between(random, 10, 18);
        double width = step * between(random, 0.35, 0.6);
        for (double y = -140; y < 140; y += step) {
          g.fill(new Rectangle2D.Double(-140, y, 280, width));
        }
      }
    },
    TRIANGLES {
      @Override
      void paint(Graphics2D g, RandomGenerator random) {
        for (int i = 0; i < 90; i++) {
          double x = between(random, -75, 75);
          double y = between(random, -75, 75);
          double size = between(random, 7, 11);
          double rotation = between(random, 0, 2 * Math.PI);
          Path2D path = new Path2D.Double();
          for (int corner = 0; corner < 3; corner++) {
            double angle = rotation + corner * 2 * Math.PI / 3;
            double cornerX = x + size * Math.cos(angle);
            double cornerY = y + size * Math.sin(angle);
            if (corner == 0) {
              path.moveTo(cornerX, cornerY);
            } else {
              path.lineTo(cornerX, cornerY);
            }
          }
          path.closePath();
          g.fill(path);
        }
      }
    },
    WAVES {
      @Override
      void paint(Graphics2D g, RandomGenerator random) {
        double step = between(random, 14, 20);
        double length = between(random, 26, 40);
        double height = step * between(random, 0.45, 0.6);
        g.setStroke(new BasicStroke((float) (step * between(random, 0.3, 0.45))));
        for (double y = -140; y < 140; y += step) {
          Path2D path = new Path2D.Double();
          path.moveTo(-140, y);
          for (double x = -138; x < 140; x += 2) {
            path.lineTo(x, y + height * Math.sin(2 * Math.PI * x / length));
          }
          g.draw(path);
        }
      }
    };

    /** Draws in the current color around the origin, large enough for any rotation. */
    abstract void paint(Graphics2D g, RandomGenerator random);

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The names of the classes, sorted. */
  public static List<String> labels() {
    return List.of(Motif.values()).stream().map(Motif::label).toList();
  }

  /**
   * Writes JPEG files {@code <class>/<class>_<n>.jpg}.
   *
   * @param directory the directory of the class folders
   * @param perClass number of images per class
   * @param seed equal seeds give equal images
   * @param progress advances by one per image; the method returns early if it is cancelled
   * @throws IOException if a file can't be written
   */
  public static void write(Path directory, int perClass, long seed, Progress progress)
      throws IOException {
    progress.begin("Sample images", "images", (long) perClass * Motif.values().length);
    try {
      writeAll(directory, perClass, seed, progress);
    } finally {
      progress.end();
    }
  }

  private static void writeAll(Path directory, int perClass, long seed, Progress progress)
      throws IOException {
    for (Motif motif : Motif.values()) {
      RandomGenerator random =
          RandomGeneratorFactory.of("L64X128MixRandom")
              .create(31 * seed + motif.label().hashCode());
      for (int i = 0; i < perClass && !progress.cancelled(); i++) {
        BufferedImage image = draw(motif, random);
        Path file =
            directory
                .resolve(motif.label())
                .resolve(String.format(Locale.ROOT, "%s_%03d.jpg", motif.label(), i));
        AtomicFile.write(file, out -> ImageEncoder.write(image, "jpg", out));
        progress.advance(1);
      }
    }
  }

  private static BufferedImage draw(Motif motif, RandomGenerator random) {
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    try {
      g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      float hue = random.nextFloat();
      boolean lightOnDark = random.nextBoolean();
      Color dark = Color.getHSBColor(hue, random.nextFloat(), (float) between(random, 0.05, 0.3));
      Color light =
          Color.getHSBColor(
              random.nextFloat(), random.nextFloat() * 0.6f, (float) between(random, 0.75, 1));
      g.setColor(lightOnDark ? dark : light);
      g.fillRect(0, 0, SIZE, SIZE);
      g.setColor(lightOnDark ? light : dark);
      g.translate(between(random, 0.2, 0.8) * SIZE, between(random, 0.2, 0.8) * SIZE);
      g.rotate(between(random, 0, 2 * Math.PI));
      motif.paint(g, random);
    } finally {
      g.dispose();
    }
    addNoise(image, random);
    return image;
  }

  private static void addNoise(BufferedImage image, RandomGenerator random) {
    var raster = image.getRaster();
    int[] samples = raster.getPixels(0, 0, SIZE, SIZE, (int[]) null);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = Math.min(255, Math.max(0, samples[i] + (int) (NOISE * random.nextGaussian())));
    }
    raster.setPixels(0, 0, SIZE, SIZE, samples);
  }

  private static double between(RandomGenerator random, double low, double high) {
    return low + (high - low) * random.nextDouble();
  }
}
