/** Frozen graphs and their parts: nodes, tensor names, the feature tensor, pruning. */
package dev.retrain.backbone.graph;
