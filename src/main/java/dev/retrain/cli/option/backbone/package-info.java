/** Options that choose a backbone, its feature vectors, and how these are computed. */
package dev.retrain.cli.option.backbone;
