package dev.retrain.cli.option.rule;

import java.util.List;

/** A command or mixin whose options conflict with or require others. */
public interface RuledOptions {
  /** The rules, the ones to report first at the front. */
  List<OptionRule> rules();
}
