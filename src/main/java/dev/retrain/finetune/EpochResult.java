package dev.retrain.finetune;

/**
 * The metrics of an epoch.
 *
 * @param epoch number of the epoch, from 1
 * @param step number of updates until its end
 * @param loss mean loss of its updates, each before it was made
 * @param accuracy mean accuracy of its updates, 0 to 1; mean average precision if images may have
 *     several classes
 * @param validation the validation metric at its end
 */
public record EpochResult(int epoch, int step, double loss, double accuracy, double validation) {
  EpochResult withValidation(double value) {
    return new EpochResult(epoch, step, loss, accuracy, value);
  }
}
