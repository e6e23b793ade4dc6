package dev.retrain.cli.config;

import java.util.Set;

/** A command, or options mixed into one, some of which exclude each other. */
public interface Excluding {
  /**
   * @param option an option that is given, by its longest name
   * @return the options that can't be given with it, by their longest names: what a file says of
   *     them has no force
   */
  Set<String> excludedBy(String option);
}
