/**
 * Files that come from elsewhere: {@link dev.retrain.fetch.Checksum} tells whether one is what was
 * published, {@link dev.retrain.fetch.Archives} unpacks it without letting it write anywhere else.
 *
 * <p>Knows only {@code work}.
 */
package dev.retrain.fetch;
