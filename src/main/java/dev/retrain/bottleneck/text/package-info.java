/**
 * retrain.py's bottleneck files, one text file per image: import, export, and training on them
 * directly.
 */
package dev.retrain.bottleneck.text;
