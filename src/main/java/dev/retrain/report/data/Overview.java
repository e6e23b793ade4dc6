package dev.retrain.report.data;

import java.util.List;

/**
 * The texts at the top of a report.
 *
 * @param model the model's file name
 * @param headline the accuracy in a few words
 * @param summary what the model was trained and evaluated on, in one or two sentences
 * @param notices what a reader must know to interpret the metrics, a sentence each
 */
public record Overview(String model, String headline, String summary, List<String> notices) {
  public Overview {
    notices = List.copyOf(notices);
  }
}
