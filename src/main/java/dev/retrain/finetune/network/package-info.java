/** A frozen network whose parameters are trained, and the frozen network that results. */
package dev.retrain.finetune.network;
