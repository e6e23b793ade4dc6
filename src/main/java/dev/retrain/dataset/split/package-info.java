/**
 * Splits images into training, validation and test sets: by retrain.py's hash of their names, by
 * groups, or as a list says.
 */
package dev.retrain.dataset.split;
