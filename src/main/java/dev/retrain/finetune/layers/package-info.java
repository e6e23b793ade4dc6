/** Which layers of a network are trained, and what that costs. */
package dev.retrain.finetune.layers;
