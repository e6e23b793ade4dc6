package dev.retrain.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.job.finetune.FineTunePlan;
import dev.retrain.util.io.ByteSize;
import java.util.Locale;

/** Prints the plan of a fine-tuning. */
final class FineTunePlanPrinter {
  private FineTunePlanPrinter() {}

  static void add(ObjectNode node, FineTunePlan plan) {
    node.put("blocks", plan.cost().blocks());
    node.put("trained_blocks", plan.cost().trainedBlocks());
    node.put("parameters", plan.cost().parameters());
    node.put("memory_bytes", plan.cost().bytes());
    node.put("height", plan.size().height());
    node.put("width", plan.size().width());
    node.put("epochs", plan.options().epochs());
    plan.secondsPerEpoch().ifPresent(seconds -> node.put("seconds_per_epoch", seconds));
  }

  static void print(Console console, FineTunePlan plan) {
    console.line(
        "Fine-tuning: the last %d of %d blocks, %,d parameters, at %d x %d pixels; epochs: %d.",
        plan.cost().trainedBlocks(),
        plan.cost().blocks(),
        plan.cost().parameters(),
        plan.size().width(),
        plan.size().height(),
        plan.options().epochs());
    console.line(
        "             Needs about %s of memory, in addition to the program and its images.",
        ByteSize.format(plan.cost().bytes()));
    if (plan.secondsPerEpoch().isPresent()) {
      console.line(
          "             An epoch takes about %s, estimated from a few updates (%s images/s).",
          Numbers.duration(plan.secondsPerEpoch().getAsDouble()),
          String.format(Locale.ROOT, "%,.0f", plan.imagesPerSecond().getAsDouble()));
    }
  }
}
