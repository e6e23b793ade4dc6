/**
 * Options that several commands share, as picocli mixins. A mixin validates its options and returns
 * values of the library; it does not know the commands it is mixed into. Sub-packages group the
 * mixins by what they configure: {@code backbone}, {@code data} and {@code training}; {@code rule}
 * declares which options conflict with or require others.
 */
package dev.retrain.cli.option;
