/** Options that choose images or vectors, and how they are split and augmented. */
package dev.retrain.cli.option.data;
