package dev.retrain.job.output;

import org.tensorflow.proto.Event;

/**
 * Where the events of a training stand when its state is saved, so that a resumed training
 * continues them.
 *
 * @param train name of the file with the events of the training images
 * @param validation name of the file with the events of the validation images
 * @param iteration the last iteration
 * @param evaluated the last iteration that was evaluated
 */
public record EventPosition(String train, String validation, int iteration, int evaluated) {
  private static final String SESSION_END = "_hparams_/session_end_info";

  /** Whether an event of the training images is before this position. */
  boolean hasTrained(Event event) {
    return isKept(event) && event.getStep() <= (isEvaluation(event) ? evaluated : iteration);
  }

  /** Whether an event of the validation images is before this position. */
  boolean hasEvaluated(Event event) {
    return isKept(event) && event.getStep() <= evaluated;
  }

  /** Whether a resumed training has the event, too; it writes its own header and end. */
  private static boolean isKept(Event event) {
    return !event.hasFileVersion()
        && event.getSummary().getValueList().stream()
            .noneMatch(value -> value.getTag().equals(SESSION_END));
  }

  /** The evaluations of fine-tuned networks have no values of training images. */
  private static boolean isEvaluation(Event event) {
    return event.hasSummary() && event.getSummary().getValueCount() == 0;
  }
}
